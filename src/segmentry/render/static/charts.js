// Draws the charts of the page when they come into sight. The data is in #chart-data, made in
// Python: plain options without a function in them, so no name becomes code.

const charts = JSON.parse(document.getElementById("chart-data").textContent);
const root = document.documentElement;
const library = globalThis.echarts;
const drawn = new Map();
const shown = new Map(); // which picture of a chart is chosen

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

const picture = (element) => charts[element.dataset.chart][shown.get(element) ?? 0];

function draw(element) {
  const { option, height } = picture(element);
  element.style.height = `${height}px`;
  const chart = drawn.get(element) ?? library.init(element, null, { renderer: "canvas" });
  drawn.set(element, chart);
  chart.resize();
  chart.setOption(resolved(option, "", new Map()), { notMerge: true });
  element.dataset.drawn = "yes";
}

function redraw() {
  for (const element of drawn.keys()) draw(element);
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
    element.style.height = `${picture(element).height}px`;
    seen.observe(element);
    sizes.observe(element);
  }
  for (const fieldset of document.querySelectorAll("[data-switch]")) {
    const element = document.querySelector(`[data-chart="${fieldset.dataset.switch}"]`);
    // A browser may remember another choice over a reload.
    const chosen = fieldset.querySelector("input:checked");
    if (chosen) shown.set(element, Number(chosen.value));
    fieldset.addEventListener("change", (event) => {
      shown.set(element, Number(event.target.value));
      draw(element);
    });
  }
}

document.addEventListener("themechange", redraw);

// Paper holds every chart, seen before or not. A browser records a canvas only in part, and knows
// the width of the sheet too late: so paper gets drawings in lines, which scale to their place.
const PAPER_WIDTH = 640;
const SMALL_WIDTH = 240;
addEventListener("beforeprint", () => {
  if (!library) return;
  for (const element of canvases) {
    const { option, height } = picture(element);
    const width = element.closest(".small") ? SMALL_WIDTH : PAPER_WIDTH;
    library.getInstanceByDom(element)?.dispose();
    const chart = library.init(element, null, { renderer: "svg", width, height });
    chart.setOption(resolved(option, "", new Map()));
    element.querySelector("svg").setAttribute("viewBox", `0 0 ${width} ${height}`);
    element.dataset.drawn = "yes";
  }
});
addEventListener("afterprint", () => {
  for (const element of canvases) {
    library?.getInstanceByDom(element)?.dispose();
    drawn.delete(element);
    if (library) draw(element);
  }
});

if (library) {
  for (const details of document.querySelectorAll("details.as-table")) details.open = false;
  startCharts();
} else {
  root.classList.remove("js"); // no library in this build: the tables stay open
}
