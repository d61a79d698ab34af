// Draws the charts of the page and switches its theme. The data is in #chart-data, made in Python;
// nothing here reads a name as HTML or as code, and nothing is stored or sent.

const charts = JSON.parse(document.getElementById("chart-data").textContent);
const root = document.documentElement;
const drawn = new Map();
const library = globalThis.echarts;

// Colour tokens become colours through the browser itself, so light-dark() needs no parser here.
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

const token = /^var\(--[a-z0-9-]+\)$/;
const takesToken = /(color|fontfamily)$/i;

function resolved(value, key, known) {
  if (typeof value === "string") {
    if (!takesToken.test(key) || !token.test(value)) return value;
    if (!known.has(value)) known.set(value, computed(value, key));
    return known.get(value);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, key, known));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, resolved(item, name, known)]),
  );
}

function computed(name, key) {
  const property = /fontfamily$/i.test(key) ? "fontFamily" : "color";
  probe.style[property] = name;
  const result = getComputedStyle(probe)[property];
  probe.style[property] = "";
  return result;
}

function draw(element) {
  const { option } = charts[element.dataset.chart];
  const chart = drawn.get(element) ?? library.init(element, null, { renderer: "canvas" });
  drawn.set(element, chart);
  chart.setOption(resolved(option, "", new Map()), { notMerge: true });
  element.dataset.drawn = "yes";
}

function redraw() {
  for (const element of drawn.keys()) draw(element);
}

function fit() {
  for (const chart of drawn.values()) chart.resize();
}

const canvases = [...document.querySelectorAll("[data-chart]")];

function startCharts() {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: "400px 0px" },
  );
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) drawn.get(target)?.resize();
  });
  for (const element of canvases) {
    element.style.height = `${charts[element.dataset.chart].height}px`;
    seen.observe(element);
    sizes.observe(element);
  }
}

// Theme: the system's until the reader chooses; the choice lasts as long as the page is open.
const system = matchMedia("(prefers-color-scheme: dark)");
const button = document.getElementById("theme");
const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

function nameButton() {
  button.querySelector("[data-theme-name]").textContent = isDark() ? "light" : "dark";
}

button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  nameButton();
  redraw();
});
system.addEventListener("change", () => {
  nameButton();
  redraw();
});

// Paper is light, and holds every chart, seen before or not.
let screenTheme;
addEventListener("beforeprint", () => {
  screenTheme = root.dataset.theme;
  root.dataset.theme = "light";
  if (library) for (const element of canvases) draw(element);
  fit();
});
addEventListener("afterprint", () => {
  if (screenTheme === undefined) delete root.dataset.theme;
  else root.dataset.theme = screenTheme;
  redraw();
  fit();
});

if (library) {
  for (const details of document.querySelectorAll("details.as-table")) details.open = false;
  startCharts();
} else {
  root.classList.remove("js"); // no library in this build: the tables stay open
}
nameButton();
button.hidden = false;
root.classList.add("ready");
