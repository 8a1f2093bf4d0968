// Type-ahead on the page with all contests. Without script the filters and the list of names work by themselves (index.css).
"use strict";
(() => {
  const place = document.querySelector("[data-find]");
  const contests = document.getElementById("contests");
  if (!place || !contests) return;

  // Letters without accents and case, so that "nunez" finds Núñez.
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const say = (name, number) => (document.body.dataset[name] || "").replace("{number}", number);

  const label = document.createElement("label");
  label.className = "find-box";
  label.textContent = say("sayFind");
  const input = document.createElement("input");
  input.type = "search";
  input.autocomplete = "off";
  label.append(input);
  const found = document.createElement("p");
  found.className = "small";
  found.setAttribute("role", "status");
  place.append(label, found);

  function search() {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let number = 0;
    for (const section of contests.querySelectorAll("section")) {
      let shown = 0;
      for (const row of section.querySelectorAll("tbody tr")) {
        const text = folded(row.cells[0].textContent);
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      section.hidden = shown === 0;
      number += shown;
    }
    found.textContent = words.length ? say("sayFound", number) : "";
  }

  let waiting = 0;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 80); });
  // live.js has put other rows here: what was searched for stays searched for.
  document.addEventListener("racecall:changed", () => { if (input.value) search(); });
})();
