// Lays two or three segments side by side. The figures are in #compare-data; the choice is in the
// address (#compare=1,3), so that a link shows the same comparison. Texts only, no HTML.

const data = JSON.parse(document.getElementById("compare-data").textContent);
const section = document.getElementById("compare");
if (data && section) startComparing();

function startComparing() {
  const FIRST_FEATURES = 12;
  const SVG = "http://www.w3.org/2000/svg";
  const selects = [...section.querySelectorAll("select[data-compare]")];
  const finding = document.getElementById("compare-finding");
  const result = document.getElementById("compare-result");
  const place = new Map(data.segments.map((s, i) => [String(s.id), i]));
  let isLong = false;

  selects.forEach((select, i) => {
    if (i === selects.length - 1) select.add(new Option("none", ""));
    for (const { id, name } of data.segments) select.add(new Option(name, String(id)));
  });

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function drawn(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function swatch(slot) {
    const svg = drawn("svg", { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" });
    svg.append(drawn("rect", { class: `fill-${slot}`, width: 10, height: 10, rx: 2.5 }));
    return svg;
  }

  const signed = (value, digits = 2) => {
    const text = Math.abs(value).toFixed(digits);
    if (!/[1-9]/.test(text)) return text;
    return (value < 0 ? "−" : "+") + text;
  };

  // The interval of a gap adds both intervals: on the safe side, whatever ties the two together.
  function gapOf(cells) {
    const known = cells.filter(Boolean);
    if (known.length < 2) return null;
    const high = known.reduce((a, b) => (b.d > a.d ? b : a));
    const low = known.reduce((a, b) => (b.d < a.d ? b : a));
    const [a, b] = cells.length === 2 ? cells : [high, low];
    return { gap: a.d - b.d, low: a.l - b.h, high: a.h - b.l, top: high, bottom: low };
  }

  function places(cells, chosen, limit) {
    const at = (value) => 50 + 48 * Math.max(-1, Math.min(1, value / limit));
    const svg = drawn("svg", { class: "places", "aria-hidden": "true" });
    svg.append(drawn("line", { class: "axis", x1: "2%", x2: "98%", y1: 15, y2: 15 }));
    svg.append(drawn("line", { class: "axis", x1: "50%", x2: "50%", y1: 4, y2: 26 }));
    cells.forEach((cell, i) => {
      if (!cell) return;
      const slot = data.segments[chosen[i]].slot;
      svg.append(
        drawn("line", {
          class: `span stroke-${slot}`,
          x1: `${at(cell.l)}%`,
          x2: `${at(cell.h)}%`,
          y1: 15,
          y2: 15,
        }),
        mark(i, at(cell.d), slot),
      );
    });
    return svg;
  }

  // Circle, square, diamond by place: told apart without their colours too.
  function mark(i, x, slot) {
    if (i === 0) return drawn("circle", { class: `fill-${slot}`, cx: `${x}%`, cy: 15, r: 6.5 });
    const holder = drawn("svg", { x: `${x}%`, y: 15, overflow: "visible" });
    const shape = { class: `fill-${slot}`, x: -6, y: -6, width: 12, height: 12 };
    holder.append(drawn("rect", i === 1 ? shape : { ...shape, transform: "rotate(45)" }));
    return holder;
  }

  function row(feature, chosen, limit) {
    const { cells, gap } = feature;
    const told = gap ? signed(gap.gap) : "–";
    const between = gap ? `${signed(gap.low)} to ${signed(gap.high)}` : "";
    return make(
      "tr",
      { role: "row" },
      make("th", { scope: "row", role: "rowheader" }, feature.label),
      ...cells.map((cell, i) =>
        make(
          "td",
          { class: "number figure-of", role: "cell", "data-name": data.segments[chosen[i]].name },
          cell ? cell.t : "–",
        ),
      ),
      make("td", { class: "place", role: "cell" }, places(cells, chosen, limit)),
      make(
        "td",
        { class: "number gap", role: "cell" },
        told,
        make("span", { class: "cell-note" }, between),
      ),
    );
  }

  function header(chosen) {
    const heads = chosen.map((i) =>
      make(
        "th",
        { scope: "col", role: "columnheader", class: "number" },
        swatch(data.segments[i].slot),
        ` ${data.segments[i].name}`,
      ),
    );
    return make(
      "tr",
      { role: "row" },
      make("th", { scope: "col", role: "columnheader" }, "Feature"),
      ...heads,
      make("th", { scope: "col", role: "columnheader" }, "Below or above everyone"),
      make("th", { scope: "col", role: "columnheader", class: "number" }, "Gap"),
    );
  }

  function sorted(chosen) {
    return data.features
      .map(({ label, of, cells }) => {
        const picked = chosen.map((i) => cells[i]);
        return { label, of, cells: picked, gap: gapOf(picked) };
      })
      .sort((a, b) => Math.abs(b.gap?.gap ?? -1) - Math.abs(a.gap?.gap ?? -1));
  }

  // Of a category's levels the short list holds one: the others mostly say the same again.
  function leading(features) {
    const seen = new Set();
    return features.filter(({ of }) => !seen.has(of) && seen.add(of));
  }

  function say(features, chosen) {
    const widest = features[0];
    if (!widest?.gap) return "";
    const name = (cell) => data.segments[chosen[widest.cells.indexOf(cell)]].name;
    const width = Math.abs(widest.gap.gap).toFixed(1);
    const { top, bottom } = widest.gap;
    return (
      `Widest gap: in “${widest.label}”, ${name(top)} (${top.t}) lies ${width} standard ` +
      `deviations above ${name(bottom)} (${bottom.t}).`
    );
  }

  function show() {
    const chosen = [...new Set(selects.map((s) => s.value).filter(Boolean))].map((id) =>
      place.get(id),
    );
    if (chosen.length < 2) {
      finding.textContent = "Choose two different segments.";
      result.replaceChildren();
      return;
    }
    const features = sorted(chosen);
    finding.textContent = say(features, chosen);
    const part = isLong ? features : leading(features).slice(0, FIRST_FEATURES);
    const known = features.flatMap((f) => f.cells.filter(Boolean).flatMap((c) => [c.l, c.h]));
    const limit = Math.max(0.5, ...known.map(Math.abs));
    const caption = `${chosen.map((i) => data.segments[i].name).join(", ")}: ${part.length} of ${features.length} features, widest gap first`;
    const table = make(
      "table",
      { role: "table" },
      make("caption", {}, caption),
      make("thead", { role: "rowgroup" }, header(chosen)),
      make("tbody", { role: "rowgroup" }, ...part.map((f) => row(f, chosen, limit))),
    );
    const region = { class: "scroll", role: "region", tabindex: "0", "aria-label": caption };
    const side = make("div", { class: "side" }, make("div", region, table));
    if (isLong || features.length > part.length) side.append(lengthButton(features.length));
    result.replaceChildren(side);
  }

  function lengthButton(n) {
    const text = isLong ? "Only the widest gaps" : `All ${n} features`;
    const button = make("button", { type: "button", class: "all-features" }, text);
    button.addEventListener("click", () => {
      isLong = !isLong;
      show();
      section.querySelector(".all-features").focus();
    });
    return button;
  }

  function fromAddress() {
    const told = /^#compare=([\d,]+)$/.exec(location.hash);
    const wanted = (told?.[1] ?? "").split(",").filter((id) => place.has(id));
    const first = data.segments.map((s) => String(s.id));
    const ids = new Set(wanted.length > 1 ? wanted : [...wanted, ...first]);
    const count = wanted.length > 2 ? 3 : 2;
    const list = [...ids].slice(0, count);
    selects.forEach((select, i) => {
      select.value = list[i] ?? "";
    });
    show();
    if (told) section.scrollIntoView();
  }

  for (const select of selects) {
    select.addEventListener("change", () => {
      const ids = selects.map((s) => s.value).filter(Boolean);
      history.replaceState(null, "", `#compare=${ids.join(",")}`);
      show();
    });
  }
  addEventListener("hashchange", () => location.hash.startsWith("#compare=") && fromAddress());
  addEventListener("beforeprint", show);
  fromAddress();
}
