// Keeps an open page up to date. The page is complete without it: this only spares the reader the reload.
//
// What it needs from the page:
//   <body data-pointer="…/latest.json" data-base="../../" data-version="12" data-language="en" data-as-of="2022-11-09T12:00:00Z">
//   <div data-part="standing">…</div>     a part that a patch may replace
//   <p role="status" data-announce>       where one sentence is said at most once a minute
//   <p role="alert" data-alert>           where a withdrawn call is said at once, and nothing else
//   <p data-stale hidden>…<span data-minutes>   where the page says how old it is when nobody answers
//   <a data-state href="…/v/12/state/…">  the data behind what is shown
//
// The pointer is {version, from, as_of, patches: {en: "v/12/…json"}}. A page of the version `from` takes the patch; an older one fetches
// itself. The index (#contests) always fetches itself: rows change in place, and stay in their order until the reader asks for another.
"use strict";
(() => {
  const root = document.querySelector("[data-pointer]");
  if (!root || !window.fetch) return;

  const POLL = 30_000; // between two questions [ms]; servers set the pointer's max-age to less
  const SLOWEST = 10 * 60_000; // between two questions to a server that does not answer [ms]
  const QUIET = 60_000; // between two spoken sentences [ms]
  const pointer = new URL(root.dataset.pointer, location.href);
  const site = new URL(root.dataset.base || "./", location.href); // patches are named from the root of the site

  let version = Number(root.dataset.version) || 0;
  let heard = 0; // when the server answered last [ms since 1970]; 0 if it has not yet
  let failures = 0;
  let timer = 0;
  let busy = false;
  let spoken = -Infinity;
  let waitingSentence = "";
  let speaking = 0;
  const held = new Map(); // parts that wait until the focus has left a row that would move

  // -- asking ------------------------------------------------------------------------------------------------------------------------

  // Half a minute, give or take a quarter, so that readers who came together do not ask together; twice as long after each failure.
  function pause() {
    const wait = Math.min(POLL * 2 ** failures, SLOWEST);
    return wait * (0.75 + Math.random() / 2);
  }

  function later(wait) {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, wait);
  }

  // `no-cache` asks the server whether what the browser holds is still good (ETag): mostly an answer without a body.
  async function fetched(url) {
    const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer;
  }

  async function ask() {
    if (busy) return;
    busy = true;
    try {
      const now = await (await fetched(pointer)).json();
      if (now.version > version) await take(now); // a lower one is an edge that lags behind
      heard = Date.now();
      failures = 0;
    } catch {
      failures += 1;
    }
    busy = false;
    showAge();
    later(pause());
  }

  async function take(now) {
    if (document.getElementById("contests")) return takeIndex(now);
    const name = now.patches && now.patches[root.dataset.language];
    if (name && now.from === version) {
      let patch = null;
      try {
        patch = await (await fetched(new URL(name, site))).json();
      } catch { /* the patch is gone or late: the page itself is there */ }
      if (patch) return takePatch(patch);
    }
    return takePage();
  }

  function takePatch(patch) {
    for (const [name, html] of Object.entries(patch.parts)) swap(name, html);
    became(patch.version, patch.as_of);
    if (patch.say) speak(patch.say, patch.urgent);
  }

  async function takePage() {
    const there = await page();
    for (const part of there.querySelectorAll("[data-part]")) {
      const here = box(part.dataset.part);
      if (here && here.innerHTML !== part.innerHTML) swap(part.dataset.part, part.innerHTML);
    }
    const said = there.body.dataset;
    became(Number(said.version), said.asOf);
    speak(there.querySelector("meta[name=description]")?.content || there.title, false); // what is said of every place
  }

  async function page() {
    const html = await (await fetched(location.href.split("#")[0])).text();
    return new DOMParser().parseFromString(html, "text/html");
  }

  function became(number, asOf) {
    version = number;
    root.dataset.version = number;
    if (asOf) root.dataset.asOf = asOf;
    for (const link of document.querySelectorAll("a[data-state]")) link.href = link.href.replace(/\/v\/\d+\//, `/v/${number}/`);
    document.dispatchEvent(new CustomEvent("racecall:changed"));
  }

  // -- changing the page -------------------------------------------------------------------------------------------------------------

  function box(name) {
    return document.querySelector(`[data-part="${CSS.escape(name)}"]`);
  }

  // Replace a part. Open details stay open, the focus stays where it is, and a row that has the focus is never moved.
  function swap(name, html) {
    const here = box(name);
    if (!here) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = html; // from our own host: a script in it would not run, and the policy of the page forbids it anyway
    const focus = here.contains(document.activeElement) ? document.activeElement : null;
    if (focus && rowMoves(focus, fresh.content)) {
      held.set(name, html);
      return;
    }
    held.delete(name);
    const open = [...here.querySelectorAll("details")].filter((one) => one.open).map(titleOf);
    for (const one of fresh.content.querySelectorAll("details")) if (open.includes(titleOf(one))) one.open = true;
    const twin = focus && twinOf(focus, here, fresh.content);
    here.replaceChildren(fresh.content);
    if (twin) twin.focus({ preventScroll: true });
  }

  function titleOf(details) {
    return details.id || details.querySelector("summary")?.textContent.replace(/[\d.,\s]+/g, " ").trim();
  }

  const FOCUS = "a[href],button,summary,input,select,textarea,[tabindex]";

  function twinOf(element, before, after) {
    if (element.id) return after.querySelector(`#${CSS.escape(element.id)}`);
    const alike = (one) => one.tagName === element.tagName && one.getAttribute("href") === element.getAttribute("href");
    const place = [...before.querySelectorAll(FOCUS)].filter(alike).indexOf(element);
    return [...after.querySelectorAll(FOCUS)].filter(alike)[place] || null;
  }

  function rowMoves(element, after) {
    const row = element.closest("tr");
    if (!row) return false;
    const name = (one) => one.querySelector("th")?.textContent.trim();
    const place = (rows) => [...rows].findIndex((one) => name(one) === name(row));
    const tables = [...row.closest("[data-part]").querySelectorAll("table")];
    const table = after.querySelectorAll("table")[tables.indexOf(row.closest("table"))];
    return !table || place(table.rows) !== place(row.closest("table").rows);
  }

  document.addEventListener("focusout", () => {
    setTimeout(() => { for (const [name, html] of [...held]) swap(name, html); }, 0);
  });

  // -- saying it ---------------------------------------------------------------------------------------------------------------------

  // One sentence a minute at most; of several that wait, the newest. A withdrawn call is said at once.
  function speak(sentence, urgent) {
    const alarm = document.querySelector("[data-alert]");
    if (urgent && alarm) {
      alarm.hidden = false;
      alarm.textContent = sentence;
      return;
    }
    waitingSentence = sentence;
    clearTimeout(speaking);
    speaking = setTimeout(speakNow, Math.max(0, spoken + QUIET - Date.now()));
  }

  function speakNow() {
    const region = document.querySelector("[data-announce]");
    if (!region || !waitingSentence) return;
    region.textContent = waitingSentence;
    waitingSentence = "";
    spoken = Date.now();
  }

  // When nobody has answered for twice the usual time, the page says how old it is: since the last answer, or since its printed time.
  function showAge() {
    const line = document.querySelector("[data-stale]");
    if (!line) return;
    const since = heard || Date.parse(root.dataset.asOf) || 0;
    const isOld = failures > 0 && since > 0 && Date.now() - since > 2 * POLL;
    line.hidden = !isOld;
    const minutes = line.querySelector("[data-minutes]");
    if (isOld && minutes) minutes.textContent = Math.round((Date.now() - since) / 60_000);
  }

  // -- the page with all contests ----------------------------------------------------------------------------------------------------

  const resort = document.querySelector("[data-resort]");
  let sorted = null; // the contests as the newest page orders them

  async function takeIndex(now) {
    const there = await page();
    const top = there.querySelector("[data-part=top]");
    if (top) swap("top", top.innerHTML);
    sorted = there.getElementById("contests");
    for (const fresh of sorted.querySelectorAll("tbody tr")) {
      const here = document.getElementById(fresh.id);
      if (here && here.innerHTML !== fresh.innerHTML) change(here, fresh);
    }
    became(Number(there.body.dataset.version) || now.version, now.as_of);
    offer(moved());
  }

  // Cells change in place; the row header, with its link, only if it says something else and does not have the focus.
  function change(here, fresh) {
    [...fresh.cells].forEach((cell, at) => {
      const old = here.cells[at];
      if (old && old.innerHTML !== cell.innerHTML && !old.contains(document.activeElement)) old.innerHTML = cell.innerHTML;
    });
  }

  // How many rows are out of place: all but the longest run that is in order already.
  function moved() {
    const key = (row) => `${row.closest("section").id}/${row.id}`;
    const place = new Map([...sorted.querySelectorAll("tbody tr")].map((row, at) => [key(row), at]));
    const rows = [...document.querySelectorAll("#contests tbody tr")].map((row) => place.get(key(row)));
    const ends = [];
    for (const at of rows) {
      if (at === undefined) continue;
      const found = ends.findIndex((end) => end >= at);
      ends[found < 0 ? ends.length : found] = at;
    }
    return Math.max(place.size, rows.length) - ends.length;
  }

  function offer(number) {
    if (!resort) return;
    const button = resort.querySelector("button");
    button.textContent = (root.dataset.sayMoved || "{number}").replace("{number}", number);
    resort.hidden = number === 0 && document.activeElement !== button;
    if (number) speak(button.textContent, false);
  }

  // The reader asked for it, so rows may move. The button keeps the focus it was given, and goes when that leaves it.
  if (resort) {
    const button = resort.querySelector("button");
    button.addEventListener("click", () => {
      if (!sorted) return;
      document.getElementById("contests").replaceChildren(...sorted.children);
      sorted = null;
      button.textContent = root.dataset.saySorted || "";
      document.dispatchEvent(new CustomEvent("racecall:changed"));
    });
    button.addEventListener("blur", () => { if (!sorted) resort.hidden = true; });
  }

  // -- when ---------------------------------------------------------------------------------------------------------------------------

  // Nothing is asked while nobody looks, and once when somebody looks again.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else later(Math.random() * 2000);
  });
  addEventListener("online", () => { failures = 0; later(Math.random() * 2000); });
  later(pause());
})();
