// Tables of class `sortable`: heads that sort, and a filter for all tables of the annex; paper shows every row in its
// own order. A row may carry `data-department`, a cell the class `state`; cells of the class `number` sort as numbers.
(() => {
  const LEVEL = ["持平", "基本持平"];
  const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

  function textOf(element) {
    const copy = element.cloneNode(true);
    for (const source of copy.querySelectorAll(".source")) source.remove();
    return copy.textContent.trim();
  }

  function numberOf(text) {
    if (LEVEL.includes(text)) return 0;
    const found = /^[+-]?\d+(\.\d+)?/.exec(text.replace(/[,，\s]/g, "").replace("−", "-"));
    return found ? Number(found[0]) : null;
  }

  // ---- Sorting

  function sortable(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    let sorted = { column: -1, direction: 0 };

    function order(column, direction) {
      if (!direction) return rows;
      const numeric = rows.some((row) => row.cells[column].classList.contains("number"));
      const valueOf = (row) => {
        const text = textOf(row.cells[column]);
        return numeric ? numberOf(text) : text === "—" ? null : text;
      };
      const values = new Map(rows.map((row) => [row, valueOf(row)]));
      const compare = numeric ? (a, b) => a - b : collator.compare;
      return [...rows].sort((one, other) => {
        const [a, b] = [values.get(one), values.get(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        return direction * compare(a, b);
      });
    }

    function arrange(column, direction) {
      body.append(...order(column, direction));
      table.dispatchEvent(new Event("rows"));
    }

    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = "排序";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = sorted.column === column ? { 0: 1, 1: -1, "-1": 0 }[sorted.direction] : 1;
        sorted = { column, direction };
        for (const other of heads) other.removeAttribute("aria-sort");
        if (direction) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        arrange(column, direction);
      });
    });
    addEventListener("beforeprint", () => arrange(0, 0));
    addEventListener("afterprint", () => arrange(sorted.column, sorted.direction));
  }

  // ---- Filtering

  function filterable(tables) {
    const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
    const facts = rows.map((row) => {
      const state = row.querySelector(".state");
      const department = row.dataset.department || "";
      return { row, department, state: state ? textOf(state) : "", text: plain(`${textOf(row)} ${department}`) };
    });
    const form = document.createElement("form");
    form.className = "filter";
    form.autocomplete = "off";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "筛选表格");
    const words = document.createElement("input");
    words.type = "search";
    form.append(labelled("查找", words));
    const choices = ["state", "department"].map((key) => [key, choice(form, key, facts)]);
    const clear = document.createElement("button");
    clear.type = "reset";
    clear.textContent = "全部显示";
    const count = document.createElement("p");
    count.setAttribute("role", "status");
    form.append(clear, count);
    tables[0].closest(".scroll").before(form);

    function filter() {
      const wanted = plain(words.value).split(/\s+/);
      for (const fact of facts) {
        const chosen = choices.every(([key, select]) => !select || !select.value || select.value === fact[key]);
        fact.row.hidden = !chosen || !wanted.every((word) => fact.text.includes(word));
      }
      for (const table of tables) {
        table.closest(".scroll").hidden = [...table.tBodies[0].rows].every((row) => row.hidden);
        table.dispatchEvent(new Event("rows"));
      }
      const left = rows.filter((row) => !row.hidden).length;
      count.textContent = left === rows.length ? `共${rows.length}行` : `共${rows.length}行，显示${left}行`;
    }

    // A link to a row shows the row, filtered or not.
    function reveal() {
      const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!row || !rows.includes(row) || !row.hidden) return;
      form.reset();
      row.scrollIntoView();
    }

    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      words.value = "";
      for (const [, select] of choices) if (select) select.value = "";
      filter();
    });
    addEventListener("hashchange", reveal);
    filter();
  }

  const plain = (text) => text.normalize("NFKC").toLowerCase().trim();

  function labelled(name, control) {
    const label = document.createElement("label");
    label.append(name, control);
    return label;
  }

  function choice(form, key, facts) {
    const values = [...new Set(facts.map((fact) => fact[key]))].filter((value) => value && value !== "—");
    if (values.length < 2) return null;
    const select = document.createElement("select");
    select.append(new Option("全部", ""), ...values.map((value) => new Option(value, value)));
    form.append(labelled({ state: "完成情况", department: "部门" }[key], select));
    return select;
  }

  const groups = new Map();
  for (const table of document.querySelectorAll("table.sortable")) {
    sortable(table);
    const place = table.closest(".annex") || table;
    groups.set(place, [...(groups.get(place) || []), table]);
  }
  for (const tables of groups.values()) filterable(tables);
})();
