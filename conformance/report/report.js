"use strict";
// Filters, whose state is in the address: #status=failed&level=MUST&group=login&q=words,
// or the id of a case, which is then unfolded.
(() => {
  const form = document.getElementById("filters"); // null on a page without filters
  const shown = document.getElementById("shown");
  const cases = [...document.querySelectorAll("details.case")];
  const sections = [...document.querySelectorAll("section.cases")];
  const listed = cases.filter(c => c.closest("section.cases")); // those that the filters are about
  const texts = new Map(); // of the cases, in lower case, once they were searched

  function text(c) {
    if (!texts.has(c)) texts.set(c, c.textContent.toLowerCase());
    return texts.get(c);
  }

  function filters() {
    const parameters = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) parameters.append(name, value);
    return parameters;
  }

  function apply() {
    const wanted = filters(), status = wanted.getAll("status");
    const words = (wanted.get("q") || "").toLowerCase().split(/\s+/);
    let count = 0;
    for (const c of listed) {
      c.hidden = !((!status.length || status.includes(c.dataset.status)) &&
        (!wanted.has("level") || wanted.get("level") === c.dataset.level) &&
        (!wanted.has("group") || wanted.get("group") === c.dataset.group) &&
        words.every(word => text(c).includes(word)));
      if (!c.hidden) count++;
    }
    for (const s of sections) s.hidden = !s.querySelector("details.case:not([hidden])");
    shown.textContent = count === listed.length ? `All ${count} cases are shown.` : `${count} of ${listed.length} cases are shown.`;
  }

  function changed() {
    apply();
    history.replaceState(null, "", "#" + filters());
  }

  // set puts the filters where the parameters say.
  function set(parameters) {
    if (!form) return;
    for (const name of ["q", "group", "level"]) form.elements[name].value = parameters.get(name) || "";
    for (const box of form.querySelectorAll("[name=status]")) box.checked = parameters.getAll("status").includes(box.value);
    apply();
  }

  // follow does what the address says.
  function follow() {
    const place = location.hash.slice(1);
    const target = cases.find(c => c.id === place);
    if (target) {
      if (target.hidden) set(new URLSearchParams());
      target.open = true;
      target.scrollIntoView();
    } else if (form && (place === "" || place.includes("="))) { // else it is the browser's own business
      set(new URLSearchParams(place));
      if (place) form.scrollIntoView();
    }
  }

  // Folded text is not printed: unfold what went wrong while that is done.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = cases.filter(c => !c.open && !c.hidden && !["passed", "not-applicable"].includes(c.dataset.status));
    for (const c of unfolded) c.open = true;
  });
  addEventListener("afterprint", () => { for (const c of unfolded) c.open = false; });

  if (form) {
    form.addEventListener("submit", event => event.preventDefault());
    form.addEventListener("input", changed);
    document.getElementById("all").addEventListener("click", () => {
      set(new URLSearchParams());
      changed();
    });
    document.getElementById("unfold").addEventListener("click", () => {
      for (const c of listed) if (!c.hidden) c.open = true;
    });
    form.hidden = false;
  }
  addEventListener("hashchange", follow);
  follow();
})();
