// Signed-in pages, quicker: forms answer in place, lists are put in order by drag, nothing typed is lost when a session
// ended. Without this script every form is a plain post.
"use strict";
(() => {
  const TYPED = "handoff-typed";
  const KEEP_MS = 60 * 60 * 1000;
  const who = document.body.dataset.who;

  // ---- What was typed survives the way through the sign-in page -------------------------------------------------
  // The link of the sign-in mail opens in another tab, so it is kept for the browser, for an hour, for the same person.
  const storage = (act) => { try { return act(window.localStorage); } catch { return null; } };
  const read = () => storage((kept) => JSON.parse(kept.getItem(TYPED)));
  const write = (typed) => storage((kept) => (typed ? kept.setItem(TYPED, JSON.stringify(typed)) : kept.removeItem(TYPED)));
  const isText = (field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file], [type=password])");
  const pick = (form) => [...form.elements].filter(isText).map((field) => [field.name, field.value,
    /radio|checkbox/.test(field.type) ? field.checked : null]);

  const restore = (typed) => {
    const form = [...document.querySelectorAll("main form")].find((form) => form.getAttribute("action") === typed.action);
    if (!form) return;
    for (const [name, value, checked] of typed.fields) {
      for (const field of form.elements) {
        if (!isText(field) || field.name !== name) continue;
        if (checked === null) field.value = value;
        else if (field.value === value) field.checked = checked;
      }
    }
    for (let at = form; at; at = at.parentElement) if (at.matches("details")) at.open = true;
    tell("You were signed out when you sent this. What you typed is back; send it again.", form, "caution");
  };

  const typed = read();
  if (!who) {
    // The sign-in pages: whatever was sent last did not arrive.
    if (typed) write({ ...typed, lost: true });
  } else {
    const isTheirs = typed && typed.lost && typed.who === who && Date.now() - typed.at < KEEP_MS;
    if (isTheirs && typed.path === location.pathname) { write(null); restore(typed); }
    else if (!isTheirs) write(null);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!who || form.method !== "post" || !form.closest("main")) return;
    write({ who, at: Date.now(), path: location.pathname, action: form.getAttribute("action"), fields: pick(form) });
  }, true);

  // ---- Saying what happened -------------------------------------------------------------------------------------
  function tell(words, before, tone) {
    document.getElementById("told")?.remove();
    const note = document.createElement("div");
    note.id = "told";
    note.className = `notice notice--${tone}`;
    note.setAttribute("role", "alert");
    note.tabIndex = -1;
    note.textContent = words;
    before.before(note);
    note.focus();
    note.scrollIntoView({ block: "center" });
  }
  const say = (words) => {
    const said = document.getElementById("said");
    if (said) said.textContent = words;
  };

  // ---- Forms that answer in place -------------------------------------------------------------------------------
  if (window.htmx) {
    let sent = null;
    let place = null;
    // What a person has open stays open, but for the part that was just sent.
    window.htmx.registerExtension("handoff", {
      htmx_before_morph_attr: (node, detail) =>
        !(detail.attrName === "open" && detail.newValue === null && node.matches("details") && !node.contains(sent)),
    });
    document.addEventListener("htmx:before:request", (event) => {
      sent = event.target;
      place = event.target.closest("[id]:not(form)")?.id;
      document.getElementById("told")?.remove();
    });
    document.addEventListener("htmx:before:swap", (event) => {
      const { response, sourceElement } = event.detail.ctx;
      const lands = new URL(response.raw.url);
      if (response.status >= 500 || response.status === 413) {
        event.preventDefault();
        tell("This did not get through, and nothing of it is lost. Please try again in a moment.", sourceElement, "bad");
      } else if (response.raw.redirected && lands.pathname !== location.pathname) {
        event.preventDefault();
        location.assign(lands);
      } else if (response.status < 400) {
        write(null);
        if (sourceElement.method === "post") sourceElement.reset();
      }
    });
    document.addEventListener("htmx:error", (event) => {
      const form = event.detail.ctx?.sourceElement;
      if (form) tell("The server cannot be reached. Nothing of what you typed is lost; please try again.", form, "bad");
    });
    document.addEventListener("htmx:after:swap", (event) => {
      const { response, sourceElement } = event.detail.ctx;
      prepare();
      if (sourceElement.method !== "post") {
        say(document.querySelector("[data-count]")?.dataset.count ?? "");
        return;
      }
      const alert = document.querySelector("main [role=alert]");
      if (response.status >= 400 && alert) {
        alert.tabIndex = -1;
        alert.focus();
        alert.scrollIntoView({ block: "center" });
        return;
      }
      say(sourceElement.dataset.said ?? "Saved.");
      const section = place && document.getElementById(place);
      if (section && (document.activeElement === document.body || !document.activeElement?.isConnected)) {
        section.tabIndex = -1;
        section.focus({ preventScroll: true });
      }
    });
  }

  // ---- Order by drag --------------------------------------------------------------------------------------------
  const renumber = (list) => {
    const rows = [...list.children].filter((row) => row.matches("[data-sortable-row]"));
    rows.forEach((row, index) => {
      for (const number of row.querySelectorAll("[data-number]")) number.textContent = String(index + 1);
      const [first, last] = [row.querySelector("[data-step=up]"), row.querySelector("[data-step=down]")];
      if (first) first.disabled = index === 0;
      if (last) last.disabled = index === rows.length - 1;
    });
  };
  function prepare() {
    for (const list of document.querySelectorAll("[data-sortable]")) {
      if (!window.Sortable || list.dataset.sortable === "ready") continue;
      list.dataset.sortable = "ready";
      window.Sortable.create(list, {
        draggable: "[data-sortable-row]", handle: "[data-handle]", animation: 150,
        onEnd: (event) => {
          renumber(list);
          if (event.oldIndex !== event.newIndex) say(`Moved to place ${event.newDraggableIndex + 1}. ${list.dataset.said ?? ""}`);
        },
      });
      for (const handle of list.querySelectorAll("[data-handle]")) handle.hidden = false;
    }
  }
  prepare();
})();
