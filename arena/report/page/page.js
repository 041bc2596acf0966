"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const data = (id) => JSON.parse(at(id).textContent);
  const { episodes, all, arms } = data("index");
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const PAGE = 100;
  const SIGNS = { exact: "✓", normalised: "≈", near: "~", absent: "✗" };
  const WORDS = { exact: "stands in the passage", normalised: "stands in the passage but for marks and spaces", near: "is near words of the passage", absent: "is not in the passage" };
  const places = new Map(episodes.map((one, number) => [one.id, number]));
  const said = new Map();
  let chosen = null;
  let found = [];
  let shown = PAGE;
  let left = null;

  function make(tag, text, kind) {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
  const percent = (p) => (p === null ? "–" : `${(100 * p).toFixed(1)} %`);
  function verdict(one) {
    if (one.outcome !== "ok") return one.outcome;
    return one.flipped ? "½ flipped" : one.correct === 1 ? "✓ right" : one.correct === 0 ? "✗ wrong" : "½ tie";
  }

  const TESTS = {
    wrong: (one) => one.outcome === "ok" && one.correct < 0.5,
    right: (one) => one.outcome === "ok" && one.correct > 0.5,
    flipped: (one) => one.flipped,
    failed: (one) => one.outcome !== "ok",
    honest: (one) => one.side === "honest",
    dishonest: (one) => one.side === "dishonest",
  };
  const KEYS = {
    p: (one) => (one.p === null ? 2 : one.p),
    "-p": (one) => (one.p === null ? 2 : -one.p),
    question: (one) => one.question,
    "-usd": (one) => -(one.usd || 0),
  };
  function holds(one, number, words) {
    if (!words) return true;
    if (plain(`${one.id} ${one.question}`).includes(words)) return true;
    if (!said.has(number)) said.set(number, told(data(`e${number}`)));
    return said.get(number).includes(words);
  }
  function told(one) {
    const speeches = one.acts.flat().map((each) => `${each.asked || ""} ${each.parts.map((part) => part.text).join("")}`);
    return plain([...one.options, ...speeches].join("\n"));
  }
  // Angle brackets in what was said are shown as others that nothing takes for a tag.
  const plain = (text) => text.toLowerCase().replaceAll("‹", "<").replaceAll("›", ">");
  function filter() {
    const outcome = at("outcome").value;
    const words = plain(at("query").value.trim());
    const wanted = chosen ? new Set(chosen.arms) : null;
    found = [];
    episodes.forEach((one, number) => {
      if (wanted && !wanted.has(one.arm)) return;
      if (chosen && chosen.dataset !== null && chosen.dataset !== one.dataset) return;
      if (outcome && !TESTS[outcome](one)) return;
      if (holds(one, number, words)) found.push(number);
    });
    const key = KEYS[at("sort").value];
    if (key) {
      const ranks = new Map(found.map((number) => [number, key(episodes[number])]));
      found.sort((a, b) => (ranks.get(a) < ranks.get(b) ? -1 : ranks.get(a) > ranks.get(b) ? 1 : a - b));
    }
    shown = PAGE;
    at("clear").hidden = !(chosen || outcome || words);
    list();
  }
  function list() {
    const rows = found.slice(0, shown).map((number) => {
      const one = episodes[number];
      const row = make("li");
      const button = make("button");
      button.type = "button";
      button.append(make("span", verdict(one)), make("span", one.question), make("span", `${one.arm} · ${percent(one.p)}`, "meta"));
      button.addEventListener("click", () => go(number));
      row.append(button);
      return row;
    });
    at("list").replaceChildren(...rows);
    const more = all > episodes.length ? ` This page holds the first ${episodes.length} of ${all}.` : "";
    const whose = chosen ? `, looking at ${chosen.arms.join(" and ")}` : "";
    at("count").textContent = `${found.length} of ${episodes.length} episodes${whose}.${more}`;
    at("more").hidden = found.length <= shown;
  }

  function speech(parts) {
    const text = make("p");
    for (const part of parts) {
      if (!part.status) {
        text.append(part.text);
        continue;
      }
      const quote = make("q", part.text, part.status);
      quote.title = WORDS[part.status] || part.status;
      const mark = make("span", SIGNS[part.status] || "?", `mark ${part.status}`);
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", `(${quote.title})`);
      text.append(quote, mark);
    }
    return text;
  }
  function turn(one, sides) {
    const box = make("article", null, one.depth ? "turn deep" : "turn");
    const round = one.round ? `, round ${one.round}` : "";
    const order = one.verdict ? `; options shown ${one.verdict.map((place) => LETTERS[place]).join(", ")}` : "";
    box.append(make("h3", `${one.seat}: ${one.cue}${round}${order}`));
    if (one.asked) box.append(make("small", one.asked));
    if (sides[one.seat] && !one.verdict) box.append(make("small", `argues for: ${sides[one.seat]}`));
    box.append(speech(one.parts));
    if (one.cut) box.append(make("small", `${one.cut} words over the limit were not heard`));
    if (one.private) box.append(make("small", "Nobody else heard this."));
    if (one.thinking) box.append(fold("Thinking", one.thinking));
    if (one.tokens) {
      const usd = one.usd === null ? "price unknown" : `${one.usd.toFixed(5)} USD`;
      box.append(make("small", `${one.model} · ${one.tokens[0]} tokens in, ${one.tokens[1]} out · ${usd}`));
    }
    return box;
  }
  function fold(name, text) {
    const details = make("details");
    details.append(make("summary", name), make("div", text, "passage"));
    return details;
  }
  function open(number) {
    const one = episodes[number];
    const whole = data(`e${number}`);
    const parts = [];
    const options = make("ol");
    options.type = "A";
    whole.options.forEach((option, place) => {
      options.append(make("li", place === whole.key ? `${option} (the right answer)` : option, place === whole.key ? "right" : ""));
    });
    parts.push(make("p", `${one.arm} · ${verdict(one)} · belief in the right answer ${percent(one.p)} · ${one.id}`, "soft"), options);
    for (const [name, place] of Object.entries(whole.handed)) parts.push(fold(`The ${name}, which only some seats read`, data(`t${place}`)));
    for (const act of whole.acts) {
      const row = make("div", null, "side");
      row.append(...act.map((each) => turn(each, whole.sides)));
      parts.push(row);
    }
    for (const each of whole.verdicts) {
      const belief = each.belief ? each.belief.map((p, place) => `${LETTERS[place]} ${percent(p)}`).join(", ") : each.outcome;
      const choice = each.choice === null ? "" : `; chosen: ${LETTERS[each.choice]}`;
      parts.push(make("p", `Verdict with the options shown as ${each.order.map((place) => LETTERS[place]).join(", ")}: ${belief}${choice}`));
    }
    if (whole.failed) parts.push(make("p", `The episode failed: ${whole.failed}`, "notice"));
    at("reader-head").textContent = one.question;
    at("transcript").replaceChildren(...parts);
    at("reader").hidden = false;
    at("episodes").hidden = true;
    left = number;
    at("previous").disabled = found.indexOf(number) <= 0;
    at("next").disabled = found.indexOf(number) < 0 || found.indexOf(number) === found.length - 1;
    at("reader").focus();
    at("reader").scrollIntoView();
  }
  function close() {
    at("reader").hidden = true;
    at("episodes").hidden = false;
  }
  function back() {
    location.hash = "#episodes";
    close();
    const row = found.indexOf(left);
    const opened = row >= 0 && row < shown ? at("list").children[row].firstChild : at("episodes");
    opened.focus();
    opened.scrollIntoView({ block: "center" });
  }
  function go(number) {
    location.hash = `#${encodeURIComponent(episodes[number].id)}`;
  }
  function route() {
    let named = location.hash.slice(1);
    try {
      named = decodeURIComponent(named);
    } catch {
      named = "";
    }
    if (places.has(named)) open(places.get(named));
    else close();
  }
  function step(by) {
    const place = found.indexOf(left) + by;
    if (place >= 0 && place < found.length) go(found[place]);
  }

  const select = at("arm");
  select.append(new Option("all", ""), ...arms.map((arm) => new Option(arm, arm)));
  select.addEventListener("change", () => {
    chosen = select.value ? { arms: [select.value], dataset: null } : null;
    filter();
  });
  for (const id of ["outcome", "sort"]) at(id).addEventListener("change", filter);
  at("query").addEventListener("input", filter);
  at("filter").addEventListener("submit", (event) => event.preventDefault());
  at("more").addEventListener("click", () => {
    shown += PAGE;
    list();
  });
  at("clear").addEventListener("click", () => {
    see(null, "");
    at("query").focus();
  });
  at("back").addEventListener("click", back);
  at("reader").addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
  });
  at("previous").addEventListener("click", () => step(-1));
  at("next").addEventListener("click", () => step(1));
  function see(wanted, outcome) {
    chosen = wanted;
    select.value = wanted && wanted.arms.length === 1 ? wanted.arms[0] : "";
    at("outcome").value = outcome;
    at("query").value = "";
    filter();
  }
  for (const link of document.querySelectorAll("a[data-behind]")) {
    link.addEventListener("click", () => {
      close();
      const wanted = JSON.parse(link.dataset.behind);
      see(wanted, wanted.only);
      at("episodes").focus({ preventScroll: true });
    });
  }
  addEventListener("hashchange", route);
  filter();
  route();
})();
