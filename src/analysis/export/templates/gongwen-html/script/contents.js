// The contents list follows the reading: the section that has reached the top of the window is marked.
(() => {
  const links = [...document.querySelectorAll(".contents a")];
  const standing = document.querySelector(".standing");
  const placeOf = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const places = [...new Set(links.map(placeOf))].filter(Boolean);
  let current = null;
  let waiting = false;

  function follow() {
    waiting = false;
    const line = Math.min(innerHeight / 3, 240);
    const atEnd = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
    const begun = places.filter((place) => place.getClientRects().length && place.getBoundingClientRect().top <= line);
    const now = atEnd ? places[places.length - 1] : begun[begun.length - 1] || null;
    if (now !== current) mark(now);
  }

  function mark(place) {
    current = place;
    for (const link of links) {
      if (place && placeOf(link) === place) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
    const shown = standing.querySelector("[aria-current]");
    if (!shown) return;
    const [frame, box] = [standing.getBoundingClientRect(), shown.getBoundingClientRect()];
    if (box.top < frame.top) standing.scrollTop -= frame.top - box.top + box.height;
    if (box.bottom > frame.bottom) standing.scrollTop += box.bottom - frame.bottom + box.height;
  }

  function later() {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  }

  if (!places.length) return;
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  const folding = document.querySelector(".folding");
  folding.addEventListener("click", (event) => {
    if (event.target.closest("a")) folding.open = false;
  });
  follow();
})();
