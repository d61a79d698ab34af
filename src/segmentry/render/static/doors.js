// Doors: the same parts of the report in the order of the reader's trade. Nothing is hidden, and
// without a choice the report stays as it is written; the choice stays with the tab.

const KEPT = "segmentry-door";
const doors = document.getElementById("doors");
const note = document.getElementById("door-note");

// Each list, and how many of its elements stay at its head. Moving the elements themselves keeps
// reading, keyboard and paper in the order that is seen.
const lists = [["main", 1], [".contents > ol", 1], ["#segments", 2], [".contents ol ol", 0]].map(
  ([path, head]) => {
    const list = document.querySelector(path);
    return { list, written: [...list.children].slice(head) };
  },
);
const nameOf = (element) => element.querySelector(":scope > a")?.hash.slice(1) ?? element.id;

function enter(door) {
  const { sections, segments, note: told } = door.dataset;
  const leading = `${sections} ${segments}`.split(" ").filter((name) => name);
  for (const { list, written } of lists) {
    const first = leading.flatMap((name) => written.filter((e) => nameOf(e) === name));
    list.append(...first, ...written.filter((e) => !first.includes(e)));
  }
  note.textContent = told;
}

doors.addEventListener("change", (event) => {
  enter(event.target);
  try {
    sessionStorage.setItem(KEPT, event.target.value);
  } catch {
    // Some browsers let files store nothing; the order then lasts as long as the page is open.
  }
});

let kept = null;
try {
  kept = sessionStorage.getItem(KEPT);
} catch {
  // As above.
}
const choices = [...doors.querySelectorAll("input")];
const chosen = choices.find((door) => door.value === kept) ?? choices[0];
chosen.checked = true; // a browser may remember another choice over a reload
if (chosen !== choices[0]) enter(chosen);
