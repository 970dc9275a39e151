// Small conveniences; every page works without them.

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

// What moves by itself is shown anew every few seconds; a page that has come to its next state is loaded whole.
async function lookAgain() {
  const shown = document.querySelector("[data-live]");
  if (!shown) return;
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById(shown.id);
  if (now?.dataset.live !== shown.dataset.live) return location.reload();
  shown.replaceWith(now);
}
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-live]")) setInterval(() => lookAgain().catch(() => {}), 3000);
});
