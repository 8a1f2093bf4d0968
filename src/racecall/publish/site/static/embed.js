// The widget keeps itself up to date and tells the page around it how tall it is. It works without this: then it stands still.

const POLL = 30_000; // asked of a tiny file, with the browser's own conditional request
const body = document.body;
let version = body.dataset.version;

function tellHeight() {
  // Only a height goes out, to whoever holds the frame; nothing comes in.
  if (window.parent !== window) {
    window.parent.postMessage({ racecall: "height", contest: body.dataset.contest, height: body.scrollHeight }, "*");
  }
}

async function look() {
  if (document.hidden) return;
  const pointer = await fetch(body.dataset.pointer, { cache: "no-cache" });
  if (!pointer.ok) return;
  const now = String((await pointer.json()).version);
  if (now === version) return;
  const page = await fetch(location.href, { cache: "no-cache" });
  if (!page.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  if (document.activeElement === body || document.activeElement === null) {
    document.querySelector("main").replaceWith(fresh.querySelector("main")); // never under somebody's focus
    version = now;
    tellHeight();
  }
}

function again() {
  setTimeout(() => look().catch(() => {}).finally(again), POLL * (0.8 + 0.4 * Math.random()));
}

new ResizeObserver(tellHeight).observe(body);
document.addEventListener("visibilitychange", () => look().catch(() => {}));
again();
