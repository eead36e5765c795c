// SPDX-License-Identifier: LGPL-2.1-or-later
// Tables sort by their headings and filter by what is typed. Without this all of it can be read.
"use strict";
for (const table of document.querySelectorAll("table.data")) {
  const body = table.tBodies[0], rows = [...body.rows];
  if (rows.length < 2) continue;
  const key = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim().toLowerCase();
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });
  const sort = (th, i) => {
    const down = th.getAttribute("aria-sort") === "ascending" ||
      (!th.hasAttribute("aria-sort") && th.classList.contains("n"));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((a, b) => (down ? -1 : 1) * order(key(a, i), key(b, i)));
    body.append(...rows);
  };
  [...table.tHead.rows[0].cells].forEach((th, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...th.childNodes);
    button.addEventListener("click", () => sort(th, i));
    th.append(button);
  });
  if (rows.length < 5 || !table.matches(".calls, .fleet")) continue;
  const bar = document.createElement("div"), label = document.createElement("label"),
    input = document.createElement("input"), shown = document.createElement("output");
  bar.className = "filter";
  input.type = "search";
  input.autocomplete = "off";
  input.spellcheck = false;
  label.append("Filter ", input);
  shown.setAttribute("aria-live", "polite");
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase(), fits = words.every((word) => text.includes(word));
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = words.length ? `${n} of ${rows.length}` : "";
  };
  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    filter();
  });
  bar.append(label, shown);
  table.closest(".scroll").before(bar);
}
// "/" goes to the first filter, as in a pager.
document.addEventListener("keydown", (event) => {
  const first = document.querySelector(".filter input");
  if (event.key !== "/" || !first || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  first.focus();
});
