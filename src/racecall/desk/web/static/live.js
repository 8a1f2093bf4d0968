// Keeps an open page fresh. The page is whole without it: this only says what is new, and puts it in place without moving anybody's focus.
"use strict";
(() => {
  const status = document.getElementById("live");
  const board = document.getElementById("board");
  if (!status || !window.EventSource) return;
  const AT_MOST = 60000; // a sentence for screen readers, once a minute at most
  let said = 0, waiting = "", timer = 0, asking = false, again = false;

  const tell = (sentence) => {
    waiting = sentence;
    if (timer) return;
    timer = setTimeout(() => { status.textContent = waiting; said = Date.now(); timer = 0; }, Math.max(0, said + AT_MOST - Date.now()));
  };
  const keyed = (root) => new Map([...root.querySelectorAll("[data-key]")].map((part) => [part.dataset.key, part]));
  const order = (root) => [...root.querySelectorAll("#board [data-part], #board [data-key]")].map((part) => part.id || part.dataset.key).join(" ");

  // Rows stay where they are; what is in them is new. A row that somebody is in is left alone until they have left it.
  const patch = (page) => {
    const now = keyed(document);
    for (const [key, part] of keyed(page)) {
      const own = now.get(key);
      if (own && own.tagName === part.tagName && own.innerHTML !== part.innerHTML && !own.contains(document.activeElement)) {
        own.innerHTML = part.innerHTML;
      }
    }
  };
  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Racecall-Live": "1" }, redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (board) {
        patch(page);
        const moved = document.getElementById("moved");
        moved.hidden = order(page) === order(document);
        document.getElementById("show-moved").onclick = () => location.reload();
        tell(`Update: ${page.getElementById("live").textContent}`);
      } else {
        tell("This contest may have changed. Open the page again to see it.");
      }
    } catch { /* the next event asks again */ } finally {
      asking = false;
      if (again) { again = false; ask(); }
    }
  };

  const here = decodeURIComponent(location.pathname.split("/")[2] || "");
  const news = new EventSource(`/live?from=${encodeURIComponent(document.body.dataset.from)}`);
  news.addEventListener("change", (event) => {
    const contests = event.data.split(" ").slice(1);
    if (board || contests.includes(here)) setTimeout(ask, Math.random() * 1000); // two hundred pages do not all ask at once
  });
  let lost = false;
  news.onerror = () => {
    if (!lost) tell(news.readyState === EventSource.CLOSED ? "This page is not kept fresh any more. Open it again." : "The desk does not answer. What is shown may be old.");
    lost = true;
  };
  news.onopen = () => { if (lost) ask(); lost = false; }; // it is back
  news.addEventListener("signed-out", () => { news.close(); tell("You are signed out. Open the page again to sign in."); });
})();
