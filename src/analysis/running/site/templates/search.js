// Search over titles and indicators, and choices of year, town and state: all in the page, nothing is asked of a server.
(() => {
  "use strict";
  const MOST = 8;
  const { indicators, reports } = JSON.parse(document.getElementById("index").textContent);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const known = indicators.map(([id, code, name]) => ({ id, label: `${code} ${name}`, text: plain(`${code} ${name}`) }));
  const rows = [...document.querySelectorAll(".reports tbody tr")].map((row, i) => ({
    row,
    text: plain([...row.cells].slice(0, 5).map((cell) => cell.textContent).join(" ")),
    title: row.cells[0],
    indicators: reports[i].map((each) => known[each]),
  }));

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const words = make("input", { type: "search", id: "words", autocomplete: "off", spellcheck: "false" });
  const choices = [["year", "年份"], ["town", "单位"], ["state", "状态"]].map(([key, label]) => {
    const values = [...new Set(rows.map(({ row }) => row.dataset[key]))];
    if (key === "town") values.sort((a, b) => a.localeCompare(b, "zh-CN"));
    const options = values.map((value) => make("option", { value }, value));
    const select = make("select", { id: `choice-${key}` }, make("option", { value: "" }, "全部"), ...options);
    return { key, label, select };
  });
  const clear = make("button", { type: "reset" }, "清除");
  const told = make("p", { role: "status" });
  const form = make(
    "form",
    { class: "find", role: "search", "aria-label": "查找报告" },
    make("div", { class: "words" }, make("label", { for: "words" }, "标题或指标，可以写几个词"), words),
    ...choices.map(({ label, select }) => make("div", { class: "choice" }, make("label", { for: select.id }, label), select)),
    clear,
    told,
  );
  document.getElementById("find").append(form);

  /** What a report has to show: null for nothing; else the indicators that hold the words its own line does not. */
  const found = (report, terms) => {
    const left = terms.filter((term) => !report.text.includes(term));
    if (!left.length) return [];
    const hits = report.indicators.filter(({ text }) => left.every((term) => text.includes(term)));
    return hits.length ? hits : null;
  };

  const show = () => {
    const terms = plain(words.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const report of rows) {
      const { row, title } = report;
      const hits = choices.every(({ key, select }) => !select.value || row.dataset[key] === select.value)
        ? found(report, terms) : null;
      row.hidden = hits === null;
      shown += hits !== null;
      title.querySelector(".hits")?.remove();
      if (hits?.length) {
        const page = title.querySelector("a").getAttribute("href");
        const links = hits.slice(0, MOST).map(({ id, label }) =>
          make("a", { href: `${page}#${encodeURIComponent(id)}` }, label));
        const more = hits.length > MOST ? [`另有${hits.length - MOST}项`] : [];
        title.append(make("p", { class: "hits" }, ...links, ...more));
      }
    }
    for (const section of document.querySelectorAll("section:has(.reports)")) {
      section.hidden = !section.querySelector("tbody tr:not([hidden])");
    }
    const asked = terms.length || choices.some(({ select }) => select.value);
    told.textContent = !asked ? `共${rows.length}份` : shown ? `共${rows.length}份，找到${shown}份`
      : "没有找到，换一个词或者清除条件再试";
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      form.reset();
      show();
      target.scrollIntoView();
    }
  });
  addEventListener("pageshow", show);
  show();
})();
