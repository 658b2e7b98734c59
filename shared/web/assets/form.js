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
  const saves = (name) => name && (/^(answers|conflicts|promises)\[/.test(name) || name === "note" || name.startsWith("csm"));
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
    const groups = withAnswers(changed());
    if (!groups.length) return null;
    running = send(groups).finally(() => {
      running = null;
      if (failures) schedule(RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
      else if (changed().length) schedule(PAUSE_MS);
    });
    return running;
  }

  // A choice between versions goes with the answer that hangs on it, so that the server need not look it up.
  const answerOf = (group) => fieldsOf(group)[0]?.closest("[data-field]")?.dataset.field;
  const withAnswers = (groups) => [...new Set(groups.flatMap((group) => {
    const answer = group.startsWith("conflicts[") && answerOf(group);
    return answer && !conflicts.has(answer) && stamp(answer) !== refused.get(answer) ? [group, answer] : [group];
  }))];

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
    // What the server changed of itself; but never over what was typed since.
    for (const [id, value] of Object.entries(answer.answers || {})) {
      const group = `answers[${id}]`;
      if (stamp(group) !== (stamps.get(group) ?? saved.get(group))) continue;
      put(fieldsOf(group), listOf(value));
      saved.set(group, stamp(group));
    }
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    say(unsaved() && (conflicts.size || refused.size) ? `Saved ${time}, except what is marked` : `Saved ${time}`, "good");
  }

  // Values as the server spells them: a text, a list, "yes" or "no", empty.
  const listOf = (value) => (Array.isArray(value) ? value : [value == null ? "" : String(value)]).filter((text) => text.trim() !== "");
  const listed = (pairs) => pairs.map(([, value]) => value.replace(/\r\n?/g, "\n")).filter((text) => text.trim() !== "");
  // A promise's box stands behind a hidden "drop": the last one counts.
  const lastOf = (group, list) => (group.startsWith("promises[") ? list.slice(-1) : list);
  const typedOf = (group) => lastOf(group, listed(valuesOf(group)));
  const same = (a, b) => a.length === b.length && a.every((value, index) => value === b[index]);

  function conflict(stamps, now) {
    failures = 0;
    if (now.state && now.state !== "awaiting_ae") return stop("This handoff was submitted elsewhere.");
    version.value = now.version;
    let again = false;
    for (const group of stamps.keys()) {
      const [, family, id] = /^(answers|conflicts|promises)\[(.+)\]$/.exec(group) || [];
      const theirs = id ? (now[family] || {})[id] : now[group];
      const known = id ? Object.hasOwn(now[family] || {}, id) : group !== "csm" || listOf(theirs).length > 0;
      // Nobody else touched this field, or our own save had arrived and only its answer was lost: ours stands.
      if (!known || same(listOf(theirs), typedOf(group)) || JSON.stringify(listOf(theirs)) === baseOf(group)) again = true;
      else ask(group, listOf(theirs));
    }
    if (conflicts.size) say("Someone else saved meanwhile: please choose where marked.", "bad");
    if (again) schedule(0);
  }
  const baseOf = (group) => JSON.stringify(lastOf(group, listed(JSON.parse(saved.get(group)))));

  function ask(group, theirs) {
    conflicts.get(group)?.remove();
    const box = document.getElementById("conflict").content.firstElementChild.cloneNode(true);
    const fields = fieldsOf(group);
    const radio = (value) => fields.find((field) => field.type === "radio" && field.value === value)?.closest("label");
    const promise = { keep: "Pass on to the CSM", drop: "Leave out" };
    const nameOf = (choice) => (choice?.querySelector("b") || choice?.querySelector("span"))?.textContent;
    const label = (value) => (group.startsWith("promises[") && promise[value]) || nameOf(radio(value)) || value;
    const empty = group.startsWith("conflicts[") ? "Left open" : "Left empty";
    box.querySelector(".quoted").textContent = theirs.map(label).join(", ") || empty;
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
    anchorOf(fields).after(box);
  }

  // What stands together as one control.
  const anchorOf = (fields) => fields[fields.length - 1].closest(".csms, .choices, .conflict__rest, .check") || fields[0];

  function put(fields, values) {
    const open = !values.length;
    for (const field of fields) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value) || (open && field.value === "");
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
      (field.closest(".choices, .csms, .versions, .check") || field).before(box);
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
  // The chosen version becomes the answer at once, as the server would make it: unless a person typed the answer.
  function follow(radio) {
    const box = radio.closest("[data-field]");
    if (!box) return;
    const group = box.dataset.field;
    const fields = fieldsOf(group);
    if (!fields.length) return;
    const drafted = listOf(JSON.parse(box.dataset.draft));
    const offered = [...box.querySelectorAll("[data-answer]")].map((one) => listOf(JSON.parse(one.dataset.answer)));
    const now = typedOf(group);
    const word = box.querySelector(".conflict__follow");
    if (![drafted, ...offered].some((own) => same(own, now))) {
      word.textContent = "Your own words stay in the answer.";
      return;
    }
    const next = radio.dataset.answer ? listOf(JSON.parse(radio.dataset.answer)) : drafted;
    if (same(next, now)) return;
    put(fields, next);
    word.textContent = radio.dataset.answer ? "The answer above says so now." : "The draft stands in the answer again.";
  }
  // The page's words about what is open, kept up.
  function tellOpen(radio) {
    const badge = radio.closest(".conflict")?.querySelector("legend .badge");
    if (!badge) return;
    badge.className = `badge badge--${radio.value ? "good" : "caution"}`;
    badge.textContent = { "": "Open", neither: "Settled: none of these" }[radio.value] ?? "Settled";
    const open = form.querySelectorAll('.conflict__rest input[value=""]:checked').length;
    const told = document.getElementById("open-conflicts");
    if (told) told.textContent = { 0: " · all conflicts settled", 1: " · 1 point where sources disagree" }[open] ?? ` · ${open} points where sources disagree`;
  }
  form.addEventListener("change", (event) => {
    if (!event.target.name.startsWith("conflicts[")) return;
    follow(event.target);
    tellOpen(event.target);
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
