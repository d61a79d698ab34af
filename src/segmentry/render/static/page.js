// What every page of ours does: its theme, the meanings of terms, where one is in the contents,
// and paper. Nothing here reads a name as HTML or as code, and nothing is sent; the chosen theme
// stays with the tab.

const root = document.documentElement;

// Theme: the system's until the reader chooses.
const system = matchMedia("(prefers-color-scheme: dark)");
const button = document.getElementById("theme");
const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

function themeChanged() {
  button.querySelector("[data-theme-name]").textContent = isDark() ? "light" : "dark";
  document.dispatchEvent(new Event("themechange"));
}

button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    sessionStorage.setItem("segmentry-theme", root.dataset.theme);
  } catch {
    // Some browsers let files store nothing; the theme then lasts as long as the page is open.
  }
  themeChanged();
});
system.addEventListener("change", themeChanged);
button.querySelector("[data-theme-name]").textContent = isDark() ? "light" : "dark";
button.hidden = false;

// Terms: the meaning is shown beneath the term, for pointer, keyboard and touch alike.
const meaning = document.createElement("span");
meaning.className = "meaning";
meaning.id = "meaning";
if ("popover" in meaning) meaning.popover = "manual"; // the top layer: no table cuts it off
let open = null;
let isPinned = false;
let leaving = 0;
let isReturning = false;

function show(term, pin) {
  clearTimeout(leaving);
  isPinned = pin || (isPinned && open === term);
  if (open === term) return;
  hide();
  const told = document.querySelector(term.getAttribute("href"));
  if (!told) return;
  const name = document.createElement("b");
  name.textContent = told.querySelector("dt").textContent;
  const more = document.createElement("a");
  more.href = term.getAttribute("href");
  more.textContent = "All terms";
  more.addEventListener("click", () => hide());
  meaning.replaceChildren(name, `${told.querySelector("dd").textContent} `, more);
  term.after(meaning); // in the order of reading, so that Tab goes from the term to its link
  meaning.showPopover?.();
  place(term);
  term.setAttribute("aria-expanded", "true");
  term.setAttribute("aria-describedby", "meaning");
  open = term;
  isPinned = pin;
}

// Beneath the term, or above it where there is no room; it goes along when the page moves.
function place(term) {
  const at = term.getBoundingClientRect();
  const box = meaning.getBoundingClientRect();
  const left = Math.max(12, Math.min(at.left, root.clientWidth - box.width - 12));
  const below = at.bottom + 6;
  const fits = below + box.height < innerHeight || at.top < box.height + 12;
  meaning.style.left = `${left}px`;
  meaning.style.top = `${fits ? below : at.top - box.height - 6}px`;
}

function hide() {
  clearTimeout(leaving);
  open?.setAttribute("aria-expanded", "false");
  open?.removeAttribute("aria-describedby");
  open = null;
  isPinned = false;
  meaning.remove();
}

function hideSoon() {
  if (isPinned) return;
  clearTimeout(leaving);
  leaving = setTimeout(hide, 220); // long enough for the pointer to cross to the meaning
}

for (const term of document.querySelectorAll("a.term")) {
  term.setAttribute("role", "button");
  term.setAttribute("aria-expanded", "false");
  term.addEventListener("pointerenter", (e) => e.pointerType === "mouse" && show(term, false));
  term.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && hideSoon());
  term.addEventListener("focus", () => {
    if (!isReturning && term.matches(":focus-visible")) show(term, false);
  });
  term.addEventListener("click", (event) => {
    event.preventDefault();
    if (open === term && isPinned) hide();
    else show(term, true);
  });
  term.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    term.click();
  });
}
meaning.addEventListener("pointerenter", () => clearTimeout(leaving));
meaning.addEventListener("pointerleave", hideSoon);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  const term = open;
  const wasInside = meaning.contains(document.activeElement);
  hide();
  isReturning = true;
  if (wasInside) term.focus();
  isReturning = false;
});
document.addEventListener("focusin", (event) => {
  if (open && event.target !== open && !meaning.contains(event.target)) hide();
});
document.addEventListener("pointerdown", (event) => {
  if (open && !open.contains(event.target) && !meaning.contains(event.target)) hide();
});
for (const moved of ["scroll", "resize"]) {
  addEventListener(moved, () => open && place(open), { capture: true, passive: true });
}

// Contents: mark the part that is being read.
const links = new Map(
  [...document.querySelectorAll(".contents > ol > li > a")].map((a) => [a.hash.slice(1), a]),
);
const reading = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(target.id).setAttribute("aria-current", "location");
    }
  },
  { rootMargin: "-20% 0px -75% 0px" },
);
for (const id of links.keys()) {
  const part = document.getElementById(id);
  if (part) reading.observe(part);
}

// Paper is light, and holds every detail.
let screenTheme;
let closed = [];
addEventListener("beforeprint", () => {
  hide();
  screenTheme = root.dataset.theme;
  root.dataset.theme = "light";
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  if (screenTheme === undefined) delete root.dataset.theme;
  else root.dataset.theme = screenTheme;
  for (const details of closed) details.open = false;
  closed = [];
});
root.classList.add("ready");
