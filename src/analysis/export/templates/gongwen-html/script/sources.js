// Sources of figures: one open at a time, placed inside the window, closed with Esc. A paragraph, or a table, is one
// stop of the Tab key; arrow keys lead from figure to figure.
(() => {
  const STOPS = ".figure, td .anchor, th .anchor";
  const GROUPS = "table, p, figcaption, h2, h3, h4, h5, h6, li, div";
  const EDGE = 8;
  let open = null;
  let dismissed = null;
  let pointer = "";

  const figureAt = (target) => (target instanceof Element ? target.closest(".figure") : null);

  function show(figure) {
    if (figure === open) return;
    close();
    if (!figure || figure === dismissed || !figure.querySelector(".source")) return;
    dismissed = null;
    open = figure;
    figure.classList.add("open");
    place(figure, figure.querySelector(".source"));
  }

  function close() {
    if (open) open.classList.remove("open", "above");
    open = null;
  }

  function place(figure, source) {
    source.style.left = source.style.top = "0";
    const at = figure.getClientRects()[0];
    const origin = source.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - EDGE - origin.width);
    const above = at.bottom + origin.height > innerHeight && at.top > origin.height;
    figure.classList.toggle("above", above);
    source.style.left = `${Math.max(EDGE, left) - origin.left}px`;
    source.style.top = `${(above ? at.top - origin.height : at.bottom) - origin.top}px`;
  }

  // A page that scrolls under a resting pointer is not pointed at.
  function moved(event) {
    const before = pointer;
    pointer = `${event.screenX} ${event.screenY}`;
    return pointer !== before;
  }

  document.addEventListener("mousemove", moved, { passive: true });
  document.addEventListener("mouseover", (event) => {
    if (!moved(event)) return;
    const figure = figureAt(event.target);
    if (figure !== dismissed && figure !== figureAt(document.activeElement)) dismissed = null;
    show(figure || figureAt(document.activeElement));
  });
  document.addEventListener("focusin", (event) => {
    dismissed = null;
    show(figureAt(event.target));
  });
  document.addEventListener("focusout", close);
  document.addEventListener("pointerdown", (event) => {
    const figure = figureAt(event.target);
    if (!figure) close();
    else if (figure === dismissed) dismissed = null;
  });
  document.addEventListener("click", (event) => show(figureAt(event.target)));
  // Only a frame that scrolls, as a table's does, leaves its source behind.
  const follow = (event) => {
    if (open && event.target !== document && event.target.contains(open)) place(open, open.querySelector(".source"));
  };
  addEventListener("scroll", follow, { capture: true, passive: true });
  addEventListener("resize", close);

  // ---- One stop a group

  const groupOf = (stop) => stop.closest(GROUPS);
  const stopsOf = (group) => [...group.querySelectorAll(STOPS)].filter((stop) => !stop.closest("[hidden]"));

  function settle(group, chosen) {
    for (const stop of group.querySelectorAll(STOPS)) stop.tabIndex = -1;
    const stop = chosen || stopsOf(group)[0];
    if (stop) stop.tabIndex = 0;
  }

  // What an arrow key leads to from a stop; in a table up and down keep to the column.
  function towards(key, stop, group) {
    const stops = stopsOf(group);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[key];
    if (key === "Home") return stops[0];
    if (key === "End") return stops[stops.length - 1];
    if (!step) return null;
    if (key === "ArrowLeft" || key === "ArrowRight") return stops[stops.indexOf(stop) + step];
    const cell = stop.closest("td, th");
    if (!cell) return null;
    const column = stops.filter((other) => other.closest("td, th").cellIndex === cell.cellIndex);
    return column[column.indexOf(stop) + step];
  }

  const groups = new Set([...document.querySelectorAll(STOPS)].map(groupOf).filter(Boolean));
  for (const group of groups) {
    settle(group, null);
    group.classList.toggle("several", stopsOf(group).length > 1);
    group.addEventListener("rows", () => settle(group, null));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) {
      dismissed = open;
      return close();
    }
    const stop = event.target.closest(STOPS);
    if (!stop || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = towards(event.key, stop, groupOf(stop));
    if (!next) return;
    event.preventDefault();
    settle(groupOf(stop), next);
    next.focus();
  });
  document.addEventListener("focusin", (event) => {
    const stop = event.target.closest(STOPS);
    if (stop) settle(groupOf(stop), stop);
  });
  document.documentElement.classList.add("scripted");

  // A link from another page leads to a source: it is opened where its figure stands.
  function named() {
    const figure = figureAt(document.getElementById(location.hash.slice(1)));
    if (!figure || figure.id === location.hash.slice(1)) return;
    figure.scrollIntoView({ block: "center" });
    figure.focus({ preventScroll: true });
    show(figure);
  }
  addEventListener("hashchange", named);
  named();
})();
