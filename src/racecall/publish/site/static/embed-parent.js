// For the page that holds the widgets: gives each frame the height that it asks for. Include it once:
// <script src="https://YOUR-SITE/embed/embed-parent.js" defer></script>
// It takes nothing from a frame but a number, and only from the address that the frame itself was loaded from.

window.addEventListener("message", (event) => {
  const said = event.data;
  if (!said || said.racecall !== "height" || !Number.isFinite(said.height)) return;
  for (const frame of document.querySelectorAll("iframe[data-racecall]")) {
    const own = frame.contentWindow === event.source && new URL(frame.src, location.href).origin === event.origin;
    if (own) frame.style.height = `${Math.min(Math.max(said.height, 80), 4000)}px`;
  }
});
