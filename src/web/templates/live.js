// Keeps the page as it is now without reloading it, and says so where that fails. Everything works without this file:
// by links, by forms, and by a reload every half minute.
(() => {
  "use strict";
  const body = document.body;
  const cut = document.getElementById("cut");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const seen = () => new Promise((done) => {
    if (!document.hidden) return done();
    document.addEventListener("visibilitychange", done, { once: true });
  });

  // A part in which somebody writes or has chosen something is left alone until that is sent.
  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
    || part.querySelector("[data-touched]") !== null;

  const shown = new Map();
  const replace = (fresh) => {
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      const html = now?.outerHTML;
      if (!now || busy(part) || html === shown.get(part.dataset.part)) continue;
      shown.set(part.dataset.part, html);
      for (const details of part.querySelectorAll("details[id]")) {
        const same = now.querySelector(`#${CSS.escape(details.id)}`);
        if (same && details.open) same.open = true;
      }
      const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      const left = part.scrollLeft;
      part.replaceWith(now);
      for (const button of now.querySelectorAll("[data-script]")) button.hidden = false;
      now.scrollLeft = left;
      if (focused) now.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    }
    document.title = fresh.title;
    body.dataset.live = fresh.body.dataset.live || body.dataset.live;
  };

  const refresh = async () => {
    const answer = await fetch(location.href, { cache: "no-store", headers: { "X-Live": "1" } });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  // Asks the daemon to answer once something has changed, then takes the new page.
  const follow = async () => {
    const every = Number(body.dataset.every) * 1000;
    let at = Date.now();
    for (;;) {
      await seen();
      try {
        const left = Math.max(1, Math.ceil((at + every - Date.now()) / 1000));
        const answer = await fetch(`/live?seen=${body.dataset.live}&wait=${left}`, { cache: "no-store" });
        if (answer.redirected) return location.reload();
        if (!answer.ok) throw new Error(answer.status);
        const token = await answer.text();
        if (token !== body.dataset.live || Date.now() - at >= every) {
          await refresh();
          body.dataset.live = token;
          at = Date.now();
          // Many pages shall not all ask at the same instant, nor any of them all the time on a stormy day.
          await pause(1000 + Math.random() * 1000);
        }
        cut.hidden = true;
      } catch {
        cut.hidden = false;
        await pause(3000);
        at = 0;
      }
    }
  };

  // A link to something folded unfolds it.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const part = link && document.getElementById(link.getAttribute("href").slice(1));
    if (part?.matches("details")) part.open = true;
  });
  addEventListener("input", (event) => event.target.closest("form")?.setAttribute("data-touched", ""));
  addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy !== undefined) {
      await copy(button.dataset.copy);
      button.textContent = button.dataset.done;
    }
    if (button.dataset.print !== undefined) print();
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) event.preventDefault();
  });
  // Plain HTTP has no clipboard for scripts: then the text is selected and copied the old way.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };
  // A second tap on a sending button would only be refused by the daemon, but it would look like a mistake.
  addEventListener("submit", (event) => setTimeout(() => {
    for (const button of event.target.querySelectorAll("button")) button.disabled = true;
  }));
  // Who comes back to a page finds its buttons as they were before.
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
  });
  for (const button of document.querySelectorAll("[data-script]")) button.hidden = false;

  // The wall's clock runs on the daemon's time, not on that of the machine behind the screen.
  const clock = document.querySelector("[data-clock]");
  if (clock) {
    const offset = Number(clock.dataset.clock) - Date.now();
    const zone = clock.dataset.zone;
    const form = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
    setInterval(() => { clock.textContent = form.format(new Date(Date.now() + offset)); }, 500);
  }

  if (body.dataset.live !== undefined) follow();
})();
