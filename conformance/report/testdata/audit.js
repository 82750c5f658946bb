// Returns what makes a page hard to use with a keyboard, a screen reader or weak eyes.
(() => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = e => e.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const fault = (what, e) => faults.push(e ? `${what}: ${name(e)}` : what);
  const drawn = e => e.checkVisibility({ checkVisibilityCSS: true });

  if (!document.documentElement.lang) fault("the page has no language");
  if (!document.title.trim()) fault("the page has no title");
  if (all("main").length !== 1) fault("the page has not one main part");
  if (all("h1").length !== 1) fault("the page has not one h1");
  let level = 0;
  for (const h of all("h1, h2, h3, h4, h5, h6").filter(drawn)) {
    if (+h.tagName[1] > level + 1) fault("a heading skips a level", h);
    level = +h.tagName[1];
    if (!h.textContent.trim()) fault("an empty heading", h);
  }

  const labelOf = e => e.getAttribute("aria-label") ||
    (e.getAttribute("aria-labelledby") || "").split(/\s+/).map(id => id && document.getElementById(id)?.textContent).join("") ||
    [...(e.labels || [])].map(l => l.textContent).join("") || (e.matches("a, button, summary") ? e.textContent : "");
  for (const e of all("input, select, textarea, button, a[href], summary, [role=region], section:has(> h2)"))
    if (!labelOf(e).trim()) fault("nothing says what this is", e);
  for (const e of all("fieldset")) if (!e.querySelector(":scope > legend")) fault("no legend", e);
  for (const e of all("img")) if (!e.hasAttribute("alt")) fault("no alt text", e);
  for (const e of all("svg")) if (e.getAttribute("aria-hidden") !== "true" && !e.querySelector("title")) fault("no alt text", e);
  for (const e of all("th")) if (!e.scope) fault("a table's heading without scope", e);
  for (const e of all("[tabindex]")) if (e.tabIndex > 0) fault("a place of its own in the order of tabs", e);
  for (const e of all("ul, ol")) for (const child of e.children) if (child.tagName !== "LI") fault("not an item of a list", child);

  const ids = all("[id]").map(e => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) fault(`the id ${id} is there twice`);
  for (const e of all("[aria-labelledby], [for]"))
    for (const id of (e.getAttribute("aria-labelledby") || e.getAttribute("for")).split(/\s+/))
      if (!ids.includes(id)) fault(`no element has the id ${id}`, e);
  for (const a of all("a[href]")) {
    const to = a.getAttribute("href");
    if (!to.startsWith("#")) fault("a link leaves the page", a);
    else if (!to.includes("=") && !ids.includes(decodeURIComponent(to.slice(1)))) fault("a link leads nowhere", a);
  }

  // Contrast, by the formula of WCAG 2. Everything is opaque, or is painted over what is behind.
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const once = make => {
    const made = new Map();
    return key => made.get(key) ?? (made.set(key, make(key)), made.get(key));
  };
  const colour = once(text => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = text;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  });
  const over = (top, below) => below.map((c, i) => i === 3 ? 255 : (top[i] * top[3] + c * (255 - top[3])) / 255);
  const behind = once(e => e ? over(colour(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : colour("Canvas"));
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const seen = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || seen.has(e) || e.closest("script, .said") || !drawn(e)) continue;
    seen.add(e);
    const ground = behind(e), ink = over(colour(getComputedStyle(e).color), ground);
    const [dark, bright] = [light(ground), light(ink)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) fault(`contrast ${contrast.toFixed(2)}`, e);
  }
  if (!seen.size) fault("no text was found");

  if (document.documentElement.scrollWidth > innerWidth) {
    fault(`it is ${document.documentElement.scrollWidth} pixels wide in a window of ${innerWidth}`);
    for (const e of all("body *")) if (drawn(e) && e.getBoundingClientRect().right > innerWidth && !e.closest(".wide")) fault("too wide", e);
  }
  return faults;
})()
