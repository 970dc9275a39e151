// Two small conveniences; every page works without them.

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      copy.textContent = "Copied";
    });
  }
  const add = event.target.closest("[data-add-row]");
  if (add) {
    const total = document.getElementById(add.dataset.total);
    const blank = document.getElementById(add.dataset.addRow).innerHTML.replaceAll("__prefix__", total.value);
    document.getElementById(add.dataset.into).insertAdjacentHTML("beforeend", blank);
    total.value = Number(total.value) + 1;
    document.getElementById(add.dataset.into).lastElementChild.querySelector("input, select").focus();
  }
});
