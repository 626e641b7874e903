// The interactive network: data from the page, positions given, physics off, nothing fetched.
"use strict";
(function () {
  const box = document.getElementById("network");
  const source = box && document.getElementById(box.dataset.source);
  if (!source || typeof vis === "undefined") { if (box) { box.remove(); } return; }
  const data = JSON.parse(source.textContent);
  const panel = document.getElementById("network-panel");
  const tools = document.getElementById("network-tools");
  const names = new Map(data.nodes.map((n) => [n.id, n.label]));
  const nodes = new vis.DataSet(data.nodes);
  const edges = new vis.DataSet(data.edges.map((e, i) => Object.assign({ id: i }, e)));
  const network = new vis.Network(box, { nodes: nodes, edges: edges }, {
    physics: false,
    interaction: { hover: true, keyboard: { enabled: true, bindToWindow: false }, multiselect: false },
    nodes: { font: { size: 13, face: "Noto Sans SC, Noto Sans CJK SC, sans-serif" }, borderWidth: 1.5 },
    edges: { color: { color: "#A9A498", highlight: "#1B1A17" }, smooth: false, scaling: { min: 0.8, max: 6 } },
  });
  function el(name, text) { const e = document.createElement(name); if (text) { e.textContent = text; } return e; }
  function show(title, ties) {
    panel.replaceChildren(el("h3", title));
    const list = el("ul");
    ties.forEach(function (tie) {
      const item = el("li", names.get(tie.from) + " → " + names.get(tie.to) + "：");
      tie.targets.forEach(function (t) {
        const a = el("a", t.id + " " + t.title); a.href = t.href; item.append(a, document.createTextNode(" "));
      });
      list.append(item);
    });
    panel.append(list);
  }
  network.on("click", function (event) {
    if (event.nodes.length) {
      const id = event.nodes[0];
      const near = new Set(network.getConnectedNodes(id)); near.add(id);
      nodes.update(data.nodes.map((n) => ({ id: n.id, opacity: near.has(n.id) ? 1 : 0.25 })));
      show(names.get(id), data.ties.filter((t) => t.from === id || t.to === id));
    } else if (event.edges.length) {
      const e = edges.get(event.edges[0]);
      show(names.get(e.from) + " — " + names.get(e.to), data.ties.filter((t) => (t.from === e.from && t.to === e.to) || (t.from === e.to && t.to === e.from)));
    } else {
      nodes.update(data.nodes.map((n) => ({ id: n.id, opacity: 1 }))); panel.replaceChildren();
    }
  });
  const find = el("input"); find.type = "search"; find.setAttribute("aria-label", "find");
  find.addEventListener("change", function () {
    const hit = data.nodes.find((n) => n.label.includes(find.value.trim()));
    if (hit && find.value.trim()) { network.selectNodes([hit.id]); network.focus(hit.id, { scale: 1.2 }); show(hit.label, data.ties.filter((t) => t.from === hit.id || t.to === hit.id)); }
  });
  tools.append(find);
  Array.from(new Set(data.nodes.map((n) => n.category))).forEach(function (category) {
    const label = el("label", category); const check = el("input");
    check.type = "checkbox"; check.checked = true; label.prepend(check);
    check.addEventListener("change", function () {
      nodes.update(data.nodes.filter((n) => n.category === category).map((n) => ({ id: n.id, hidden: !check.checked })));
    });
    tools.append(label);
  });
})();
