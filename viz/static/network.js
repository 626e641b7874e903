// The interactive network: data from the page, positions given, physics off, nothing fetched.
// All words are set as text, never as markup; the address after # holds what is shown.
"use strict";
(function () {
  const box = document.getElementById("network");
  const source = box && document.getElementById(box.dataset.source);
  if (!source || typeof vis === "undefined") { return; }
  const data = JSON.parse(source.textContent), W = data.words;
  // A body stands in the data by its number, each target once.
  data.ties.concat(data.edges).forEach(function (t) { t.from = data.nodes[t.from].id; t.to = data.nodes[t.to].id; });
  const root = document.getElementById("live"), panel = document.getElementById("network-panel"), tools = document.getElementById("network-tools");
  root.hidden = false;
  document.getElementById("network-help").textContent = W.help + (W.left ? " " + W.left : "");
  const still = document.getElementById("still");
  if (still) { still.hidden = true; }
  const byId = new Map(data.nodes.map(function (n) { return [n.id, n]; }));
  const groups = Array.from(new Set(data.nodes.map(function (n) { return n.category; })));
  const state = { focus: "", edge: "", hops: 1, role: "any", quarter: 0, off: new Set() };
  const place = document.getElementById(location.hash.slice(1));
  const prefix = location.pathname.match(/^\/v\/[0-9a-f]{12}/);

  function el(name, text, inner) {
    const e = document.createElement(name);
    if (text) { e.textContent = text; }
    (inner || []).forEach(function (i) { e.append(i); });
    return e;
  }
  function link(text, href) { const a = el("a", text); a.href = (prefix ? prefix[0] : "") + href; if (still) { a.target = "_blank"; a.rel = "noopener"; } return a; }
  function press(text, act) { const b = el("button", text); b.type = "button"; b.addEventListener("click", act); return b; }

  const nodes = new vis.DataSet(data.nodes.map(function (n) {
    return { id: n.id, label: n.label, x: n.x, y: n.y, size: n.size, shape: n.shape, color: n.color };
  }));
  const lines = new vis.DataSet([]);
  const network = new vis.Network(box, { nodes: nodes, edges: lines }, {
    physics: false,
    interaction: { hover: true, dragNodes: false, keyboard: false, multiselect: false },
    nodes: { font: { size: 14, face: "Noto Sans SC, Noto Sans CJK SC, PingFang SC, sans-serif", color: "#1B1A17", strokeWidth: 4, strokeColor: "#FCFBF8" }, borderWidth: 1.5 },
    edges: { arrows: { to: { scaleFactor: 0.45 }, from: { scaleFactor: 0.45 } }, arrowStrikethrough: false, color: { color: "#A9A498", highlight: "#1B1A17" }, smooth: false, scaling: { min: 0.8, max: 6 } },
  });

  // The ties that the filters leave: of each, how many targets count, and those that are told of.
  function left() {
    return data.ties.map(function (t) {
      return { from: t.from, to: t.to, count: t.counts[state.quarter], targets: t.targets.filter(function (k) { return !state.quarter || data.targets[k].quarters.indexOf(state.quarter) >= 0; }) };
    }).filter(function (t) {
      if (!t.count || state.off.has(byId.get(t.from).category) || state.off.has(byId.get(t.to).category)) { return false; }
      if (!state.focus || state.role === "any") { return true; }
      if (t.from !== state.focus && t.to !== state.focus) { return true; }
      return state.role === "lead" ? t.from === state.focus : t.to === state.focus;
    });
  }
  function pair(a, b) { return a < b ? a + "\n" + b : b + "\n" + a; }

  function draw() {
    const ties = left(), shared = new Map();
    ties.forEach(function (t) { const k = pair(t.from, t.to); shared.set(k, (shared.get(k) || 0) + t.count); });
    const shown = new Map();
    data.edges.forEach(function (e) {
      const k = pair(e.from, e.to);
      if (shared.has(k)) { shown.set(k, { id: k, from: e.from, to: e.to, value: shared.get(k), dashes: !!e.dashes }); }
    });
    if (state.focus) {
      ties.forEach(function (t) {
        if (t.from !== state.focus && t.to !== state.focus) { return; }
        const k = pair(t.from, t.to), known = shown.get(k), both = known && known.arrows && known.from !== t.from;
        shown.set(k, { id: k, from: t.from, to: t.to, value: shared.get(k), dashes: false, arrows: { to: { enabled: true, scaleFactor: 0.45 }, from: { enabled: !!both, scaleFactor: 0.45 } } });
      });
    }
    const near = new Set(), sides = new Map();
    shown.forEach(function (e) {
      [[e.from, e.to], [e.to, e.from]].forEach(function (p) { if (!sides.has(p[0])) { sides.set(p[0], []); } sides.get(p[0]).push(p[1]); });
    });
    if (state.focus) {
      near.add(state.focus);
      let ring = [state.focus];
      for (let i = 0; i < state.hops; i++) {
        const next = [];
        ring.forEach(function (n) { (sides.get(n) || []).forEach(function (m) { if (!near.has(m)) { near.add(m); next.push(m); } }); });
        ring = next;
      }
    }
    const ends = state.edge.split("\n");
    nodes.update(data.nodes.map(function (n) {
      const lit = state.edge ? ends.indexOf(n.id) >= 0 : !state.focus || near.has(n.id);
      return { id: n.id, hidden: state.off.has(n.category), opacity: lit ? 1 : 0.15, font: { color: lit ? "#1B1A17" : "#C9C4B6" }, borderWidth: n.id === state.focus ? 4 : 1.5 };
    }));
    lines.clear();
    lines.add(Array.from(shown.values()).map(function (e) {
      const lit = state.edge ? e.id === state.edge : !state.focus || (near.has(e.from) && near.has(e.to) && (state.hops > 1 || e.from === state.focus || e.to === state.focus));
      return Object.assign(e, { color: { color: lit ? (state.edge || state.focus ? "#504D46" : "#A9A498") : "#EFECE4", highlight: "#1B1A17" } });
    }));
    tell(ties); keep();
  }

  function quote(words) {
    const q = el("blockquote", "", [words[0], el("mark", words[1]), words[2]]);
    q.append(el("cite", words[3]));
    return q;
  }
  function aims(tie) {
    return tie.targets.map(function (k) {
      const t = data.targets[k], part = el("div", "", [el("p", "", [link(t.id + " " + t.title, t.href)])]);
      part.firstChild.className = "aim";
      [[W.lead, t.said["l " + tie.from]], [W.coordinate, t.said["c " + tie.to]]].forEach(function (s) {
        if (s[1]) { part.append(el("small", s[0]), quote(s[1])); }
      });
      return part;
    }).concat(tie.count > tie.targets.length ? [el("p", W.more.replace("{n}", tie.count - tie.targets.length))] : []);
  }
  function tell(ties) {
    panel.replaceChildren();
    if (!state.focus && !state.edge) { table(ties); return; }
    panel.append(press(W.clear, function () { choose("", ""); }));
    if (state.edge) {
      const mine = ties.filter(function (t) { return pair(t.from, t.to) === state.edge; });
      mine.forEach(function (t) {
        panel.append(el("h3", byId.get(t.from).label + " → " + byId.get(t.to).label + " " + t.count));
        aims(t).forEach(function (a) { panel.append(a); });
      });
      if (!mine.length) { panel.append(el("p", W.none)); }
      return;
    }
    const n = byId.get(state.focus);
    panel.append(el("h3", n.label), el("p", W.lead + " " + n.leads + " · " + W.targets + " " + n.targets + " · " + W.partners + " " + n.partners + " · " + W.brokers + " " + n.brokers));
    if (n.href) { panel.append(el("p", "", [link(W.whole, n.href)])); }
    const mine = ties.filter(function (t) { return t.from === n.id || t.to === n.id; });
    mine.sort(function (a, b) { return b.count - a.count; });
    mine.forEach(function (t) {
      const part = el("details", "", [el("summary", byId.get(t.from).label + " → " + byId.get(t.to).label + " " + t.count + " " + W.items)]);
      part.addEventListener("toggle", function () { if (part.open && part.children.length === 1) { aims(t).forEach(function (a) { part.append(a); }); } });
      panel.append(part);
    });
    if (!mine.length) { panel.append(el("p", W.none)); }
  }
  function table(ties) {
    const busy = new Set(); ties.forEach(function (t) { busy.add(t.from); busy.add(t.to); });
    const head = el("tr", "", [W.body, W.lead, W.targets, W.partners, W.brokers].map(function (w) { return el("th", w); }));
    const body = el("tbody");
    ordered().filter(function (n) { return busy.has(n.id); }).forEach(function (n) {
      const first = el("td", "", [press(n.label, function () { choose(n.id, ""); })]);
      body.append(el("tr", "", [first, el("td", String(n.leads)), el("td", String(n.targets)), el("td", String(n.partners)), el("td", String(n.brokers))]));
    });
    panel.append(el("table", "", [el("thead", "", [head]), body]));
  }
  function ordered() {
    return data.nodes.filter(function (n) { return !state.off.has(n.category); }).sort(function (a, b) { return b.targets - a.targets || (a.id < b.id ? -1 : 1); });
  }
  function choose(node, edge) { state.focus = node; state.edge = edge; draw(); }

  function keep() {
    const said = new URLSearchParams();
    if (state.focus) { said.set("focus", byId.get(state.focus).label); }
    if (state.edge) { said.set("edge", state.edge.split("\n").map(function (i) { return byId.get(i).label; }).join("|")); }
    if (state.hops > 1) { said.set("hops", state.hops); }
    if (state.role !== "any") { said.set("role", state.role); }
    if (state.quarter) { said.set("quarter", state.quarter); }
    if (state.off.size) { said.set("off", Array.from(state.off).join("|")); }
    const hash = String(said);
    if (location.hash.slice(1) === hash || (!hash && place)) { return; }
    try { history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search); } catch (error) { /* a frame without an origin keeps no address */ }
  }
  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    const find = function (label) { return (data.nodes.find(function (n) { return n.label === label; }) || { id: "" }).id; };
    state.focus = find(said.get("focus"));
    const ends = (said.get("edge") || "").split("|").map(find);
    state.edge = ends.length === 2 && ends[0] && ends[1] ? pair(ends[0], ends[1]) : "";
    state.hops = Math.min(Math.max(parseInt(said.get("hops"), 10) || 1, 1), 3);
    state.role = ["lead", "coordinate"].indexOf(said.get("role")) >= 0 ? said.get("role") : "any";
    state.quarter = Math.min(Math.max(parseInt(said.get("quarter"), 10) || 0, 0), 4);
    state.off = new Set((said.get("off") || "").split("|").filter(function (g) { return groups.indexOf(g) >= 0; }));
  }

  function selection(name, label, options) {
    const field = el("select");
    options.forEach(function (o) { const option = el("option", o[1]); option.value = o[0]; field.append(option); });
    field.value = String(state[name]);
    field.id = "network-" + name;
    field.addEventListener("change", function () { state[name] = typeof state[name] === "number" ? Number(field.value) : field.value; draw(); });
    tools.append(el("label", label + " ", [field]));
  }
  function build() {
    tools.replaceChildren();
    const find = el("input"), list = el("datalist");
    find.type = "search"; find.id = "network-find"; list.id = "network-names"; find.setAttribute("list", list.id); find.autocomplete = "off";
    data.nodes.forEach(function (n) { const o = el("option"); o.value = n.label; list.append(o); });
    find.addEventListener("change", function () {
      const words = find.value.trim();
      if (!words) { return; }
      const hit = data.nodes.find(function (n) { return n.label === words; }) || ordered().find(function (n) { return n.label.indexOf(words) >= 0; });
      find.setCustomValidity(hit ? "" : W.missing);
      if (hit) { state.off.delete(hit.category); choose(hit.id, ""); build(); } else { find.reportValidity(); }
    });
    tools.append(el("label", W.find + " ", [find, list]));
    selection("role", W.role, [["any", W.any], ["lead", W.lead], ["coordinate", W.coordinate]]);
    selection("quarter", W.quarter, [["0", W.year], ["1", "1"], ["2", "2"], ["3", "3"], ["4", "4"]]);
    selection("hops", W.hops, [["1", "1 " + W.hop], ["2", "2 " + W.hop], ["3", "3 " + W.hop]]);
    const legend = el("fieldset", "", [el("legend", W.groups)]);
    groups.forEach(function (g) {
      const check = el("input"), dot = el("span");
      check.type = "checkbox"; check.checked = !state.off.has(g); dot.className = "dot";
      dot.style.backgroundColor = data.nodes.find(function (n) { return n.category === g; }).color;
      check.addEventListener("change", function () {
        if (check.checked) { state.off.delete(g); } else { state.off.add(g); if (state.focus && byId.get(state.focus).category === g) { state.focus = ""; } }
        draw();
      });
      legend.append(el("label", "", [check, dot, g]));
    });
    tools.append(legend);
  }

  network.on("click", function (event) {
    box.focus({ preventScroll: true });
    if (event.nodes.length) { choose(event.nodes[0], ""); }
    else if (event.edges.length) { choose("", event.edges[0]); }
    else { choose("", ""); }
  });
  box.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") { choose("", ""); }
    else if (event.key === "+" || event.key === "=" || event.key === "-") { network.moveTo({ scale: network.getScale() * (event.key === "-" ? 0.8 : 1.25) }); }
    else if (/^Arrow/.test(event.key)) {
      const all = ordered(), here = byId.get(state.focus);
      if (!here) { if (all.length) { choose(all[0].id, ""); } }
      else {
        const d = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        let best = null, least = Infinity;
        all.forEach(function (n) {
          const x = n.x - here.x, y = n.y - here.y, along = x * d[0] + y * d[1], across = Math.abs(x * d[1]) + Math.abs(y * d[0]);
          if (n !== here && along > 0 && along + 2 * across < least) { least = along + 2 * across; best = n; }
        });
        if (best) { choose(best.id, ""); }
      }
    } else { return; }
    event.preventDefault();
  });
  addEventListener("hashchange", function () { recall(); build(); draw(); });
  recall(); build(); draw(); network.fit();
  if (place) { place.scrollIntoView(); } // it has moved: the network stands above it now
})();
