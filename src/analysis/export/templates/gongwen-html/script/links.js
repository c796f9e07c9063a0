// The link of a heading or a row is copied when it is followed; what happened is told to everyone, seen or heard.
(() => {
  const told = document.createElement("p");
  told.className = "told";
  told.setAttribute("role", "status");
  document.querySelector("main").append(told);
  let timer = 0;

  function tell(text) {
    told.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => (told.textContent = ""), 4000);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.anchor");
    if (!link) return;
    const byHand = () => tell("链接在地址栏中，可以复制");
    if (navigator.clipboard) navigator.clipboard.writeText(link.href).then(() => tell("链接已复制"), byHand);
    else byHand();
  });
})();
