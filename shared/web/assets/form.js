// Saves while the AE types. The page works without it: every button is a plain form post.
"use strict";
(() => {
  const form = document.getElementById("handoff");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  const status = document.getElementById("status");
  const version = form.elements.version;
  const csrf = form.elements.csrf.value;
  // The page may stand at the address of a post that was refused; this is where it lives.
  const home = new URL(form.action).pathname.replace(/\/submit$/, "");
  const PAUSE_MS = 900;
  const RETRY_MS = [2000, 5000, 10000, 20000, 30000];

  document.getElementById("save").hidden = true;

  // What belongs together is sent together: a choice of CSM without its name would lose the name.
  const groupOf = (name) => (name.startsWith("csm") ? "csm" : name);
  const saves = (name) => name && (name.startsWith("answers[") || name === "note" || name.startsWith("csm"));
  const fieldsOf = (group) => [...form.elements].filter((field) => saves(field.name) && groupOf(field.name) === group);

  const valuesOf = (group) => {
    const pairs = [];
    for (const field of fieldsOf(group)) {
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      pairs.push([field.name, field.value]);
    }
    return pairs;
  };
  const stamp = (group) => JSON.stringify(valuesOf(group));

  const saved = new Map();
  for (const field of form.elements) if (saves(field.name)) saved.set(groupOf(field.name), "");
  for (const group of saved.keys()) saved.set(group, form.dataset.unsaved ? "[]" : stamp(group));
  const conflicts = new Map();
  const refused = new Map();
  const changed = () => [...saved.keys()].filter((group) => {
    const now = stamp(group);
    return now !== saved.get(group) && now !== refused.get(group) && !conflicts.has(group);
  });
  const unsaved = () => [...saved.keys()].some((group) => stamp(group) !== saved.get(group));

  const say = (text, tone) => {
    status.textContent = text;
    status.dataset.tone = tone || "";
  };

  let timer = 0;
  let running = null;
  let failures = 0;
  let over = false;
  let leaving = false;

  const schedule = (delay) => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(save, delay);
  };

  async function post(url, pairs) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 15000);
    try {
      return await fetch(url, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams([["csrf", csrf], ...pairs]),
        credentials: "same-origin",
        redirect: "error",
        signal: abort.signal,
      });
    } finally {
      clearTimeout(limit);
    }
  }

  function save() {
    if (running || over) return running;
    const groups = changed();
    if (!groups.length) return null;
    running = send(groups).finally(() => {
      running = null;
      if (failures) schedule(RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
      else if (changed().length) schedule(PAUSE_MS);
    });
    return running;
  }

  async function send(groups) {
    const stamps = new Map(groups.map((group) => [group, stamp(group)]));
    say("Saving…");
    try {
      const answer = await post(form.dataset.answers, [["version", version.value], ...groups.flatMap(valuesOf)]);
      if (answer.ok) return kept(stamps, await answer.json());
      if (answer.status === 409) return conflict(stamps, await answer.json());
      if (answer.status === 422) return mend(stamps, (await answer.json()).errors || {});
      if ([403, 404, 410].includes(answer.status)) return stop();
      throw new Error("not saved");
    } catch {
      failures += 1;
      say("Not saved yet. Trying again…", "bad");
    }
  }

  function kept(stamps, answer) {
    failures = 0;
    version.value = answer.version;
    for (const [group, value] of stamps) {
      saved.set(group, value);
      // "Needs an answer" stays while there is none.
      if (refused.delete(group) || typedOf(group).length) showError(group, "");
    }
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    say(unsaved() && (conflicts.size || refused.size) ? `Saved ${time}, except what is marked` : `Saved ${time}`, "good");
  }

  // Values as the server spells them: a text, a list, "yes" or "no", empty.
  const listOf = (value) => (Array.isArray(value) ? value : [value == null ? "" : String(value)]).filter((text) => text.trim() !== "");
  const typedOf = (group) => valuesOf(group).map(([, value]) => value.replace(/\r\n?/g, "\n")).filter((text) => text.trim() !== "");
  const same = (a, b) => a.length === b.length && a.every((value, index) => value === b[index]);

  function conflict(stamps, now) {
    failures = 0;
    if (now.state && now.state !== "awaiting_ae") return stop("This handoff was submitted elsewhere.");
    version.value = now.version;
    let again = false;
    for (const group of stamps.keys()) {
      const id = (/^answers\[(.+)\]$/.exec(group) || [])[1];
      const theirs = id ? now.answers[id] : now[group];
      const known = id ? Object.hasOwn(now.answers, id) : group !== "csm" || listOf(theirs).length > 0;
      // Nobody else touched this field, or our own save had arrived and only its answer was lost: ours stands.
      if (!known || same(listOf(theirs), typedOf(group)) || JSON.stringify(listOf(theirs)) === baseOf(group)) again = true;
      else ask(group, listOf(theirs));
    }
    if (conflicts.size) say("Someone else saved meanwhile: please choose where marked.", "bad");
    if (again) schedule(0);
  }
  const baseOf = (group) => JSON.stringify(JSON.parse(saved.get(group)).map(([, value]) => value.replace(/\r\n?/g, "\n")).filter((text) => text.trim() !== ""));

  function ask(group, theirs) {
    conflicts.get(group)?.remove();
    const box = document.getElementById("conflict").content.firstElementChild.cloneNode(true);
    const fields = fieldsOf(group);
    const label = (value) => fields.find((field) => field.type === "radio" && field.value === value)?.closest("label")?.querySelector("span")?.textContent || value;
    box.querySelector(".quoted").textContent = theirs.map(label).join(", ") || "Left empty";
    box.addEventListener("click", (event) => {
      const keep = event.target.dataset && event.target.dataset.keep;
      if (!keep) return;
      if (keep === "theirs") {
        put(fields, theirs);
        saved.set(group, stamp(group));
      } else {
        saved.set(group, "[]");
      }
      conflicts.delete(group);
      box.remove();
      fields[0].focus();
      save();
      if (!changed().length) say("Saved", "good");
    });
    conflicts.set(group, box);
    const anchor = fields[fields.length - 1].closest(".csms, .choices") || fields[0];
    anchor.after(box);
  }

  function put(fields, values) {
    for (const field of fields) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.name === "csm_name") field.value = values[1] || "";
      else if (field.name === "csm_email") field.value = values[2] || "";
      else if (field.type !== "hidden" && (field.name === "note" || field.name.startsWith("answers["))) field.value = values[0] || "";
    }
  }

  function mend(stamps, errors) {
    failures = 0;
    for (const [group, value] of stamps) {
      const error = errors[group] || errors.answers;
      if (!error) continue;
      refused.set(group, value);
      showError(group, error);
    }
    say("Not saved: please see what is marked.", "bad");
    // The other fields were refused along with the wrong ones; they go again without them.
    if (changed().length && !errors.answers) schedule(0);
  }

  function showError(group, text) {
    const field = fieldsOf(group).find((one) => one.type !== "hidden");
    if (!field) return;
    const base = field.id.replace(/-\d+$/, "") || group;
    let box = document.getElementById(`${base}-error`);
    if (!text && !box) return;
    if (!box) {
      box = document.createElement("p");
      box.className = "field-error";
      box.id = `${base}-error`;
      (field.closest(".choices, .csms") || field).before(box);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${box.id}`.trim());
    }
    box.textContent = text;
    box.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  let ended = "This link no longer saves.";
  function stop(why) {
    over = true;
    ended = why || ended;
    clearTimeout(timer);
    const link = document.createElement("a");
    link.href = home;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Open it again in a new tab";
    say(`${ended} Copy what you still need. `, "bad");
    status.append(link);
  }

  form.addEventListener("input", (event) => {
    if (!saves(event.target.name)) return;
    leaving = false;
    if (changed().length) {
      if (!failures) say("Typing…");
      schedule(PAUSE_MS);
    }
  });
  form.addEventListener("change", (event) => {
    if (saves(event.target.name) && changed().length) schedule(100);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed().length) save();
  });
  window.addEventListener("online", () => schedule(0));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });

  // A submit stays a plain post. Everything typed is saved before it, so that nothing is lost when the answer is no or the
  // AE comes back, and nobody's text is overwritten unseen.
  let waiting = false;
  let settled = false;
  form.addEventListener("submit", (event) => {
    if (!settled && (waiting || over || running || conflicts.size || changed().length)) {
      event.preventDefault();
      if (!waiting) settle(event.submitter);
      return;
    }
    settled = false;
    clearTimeout(timer);
    leaving = true;
  });

  async function settle(button) {
    waiting = true;
    if (!over && !conflicts.size) say("One moment…");
    // What is typed while a save is under way goes with the next one.
    for (let round = 0; round < 5 && !over && !conflicts.size && (running || changed().length); round += 1) {
      clearTimeout(timer);
      await (running || save());
      if (failures) break;
    }
    waiting = false;
    if (over) return stop();
    if (conflicts.size) {
      say("Not sent: someone else saved meanwhile. Please choose where marked.", "bad");
      conflicts.values().next().value.querySelector("button").focus();
      return;
    }
    if (running || changed().length) return say("Not sent: what you typed is not saved yet. Trying again…", "bad");
    settled = true;
    form.requestSubmit(button);
  }

  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (!event.persisted) return;
    if (unsaved()) schedule(0);
    else location.reload();
  });

  // A mail scanner loads the page; a person touches it.
  const signs = ["pointerdown", "keydown", "wheel", "touchstart"];
  const opened = () => {
    signs.forEach((sign) => removeEventListener(sign, opened));
    post(form.dataset.opened, []).catch(() => {});
  };
  signs.forEach((sign) => addEventListener(sign, opened, { passive: true, once: true }));

  // A new draft under way: look now and then, and offer it when it is there.
  const pending = form.dataset.redraft;
  let looks = 0;
  async function look() {
    looks += 1;
    try {
      if (document.visibilityState === "visible") {
        const answer = await fetch(home, { headers: { Accept: "text/html" }, cache: "no-store" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const there = page.getElementById("handoff");
        if (there && there.dataset.redraft !== pending) {
          const box = document.querySelector("#redraft-pending .notice");
          box.querySelector(".notice__title").textContent = "Your new draft is here";
          box.querySelector("p:last-child").firstChild.textContent = "Everything you typed is saved first. ";
          box.querySelector("a").textContent = "Show it";
          box.scrollIntoView({ block: "nearest" });
          if (!unsaved() && !form.contains(document.activeElement)) location.assign(home);
          return;
        }
      }
    } catch { /* The next look may do. */ }
    if (looks < 60) setTimeout(look, looks < 20 ? 3000 : 10000);
  }
  if (pending) {
    setTimeout(look, 3000);
    document.querySelector("#redraft-pending a").addEventListener("click", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      await (running || save());
      location.assign(home);
    });
  }

  // A page that came back holds what is not saved: where someone else saved, choose first; the rest is saved now.
  for (const beside of document.querySelectorAll("[data-conflict]")) {
    ask(beside.dataset.conflict, listOf(JSON.parse(beside.dataset.stored)));
    beside.remove();
  }
  if (form.dataset.unsaved) schedule(PAUSE_MS);

  document.getElementById("errors")?.focus();
})();
