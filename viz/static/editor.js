// The SPARQL editor: YASGUI's YASQE where it is there, our own results; nothing from elsewhere.
"use strict";
(function () {
  const form = document.getElementById("editor");
  const field = document.getElementById("query");
  const box = document.getElementById("yasqe");
  const at = { status: "status", share: "share", tabs: "tabs", result: "result", graph: "graph", run: "run" };
  Object.keys(at).forEach(function (k) { at[k] = document.getElementById(at[k]); });
  const say = JSON.parse(form.dataset.words);
  const prefixes = JSON.parse(form.dataset.prefixes);
  const base = form.dataset.base, prefix = form.dataset.prefix;
  const STEP = 500, EDGES = 300;
  let editor = null, marked = null, running = null, drawn = null;

  function el(name, text, attributes) {
    const e = document.createElement(name);
    if (text !== undefined && text !== null) { e.textContent = text; }
    Object.entries(attributes || {}).forEach(([k, v]) => e.setAttribute(k, v));
    return e;
  }
  function query() { return editor ? editor.getValue() : field.value; }

  // what is typed: prefixes, completion
  function addPrefixes() {
    const text = query().replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*/g, " ");
    const known = new Set(Array.from(text.matchAll(/\bPREFIX\s+([\w-]*):/gi), (m) => m[1]));
    const missing = {};
    for (const m of text.matchAll(/(?:^|[\s({[;.,^|/!*+?])([a-z]+):(?=[A-Za-z])/g)) {
      if (prefixes[m[1]] && !known.has(m[1])) { missing[m[1]] = prefixes[m[1]]; }
    }
    if (editor && Object.keys(missing).length) { editor.addPrefixes(missing); }
  }
  function before(yasqe) { const at = yasqe.getCursor(); return yasqe.getLine(at.line).slice(0, at.ch); }
  function openName(yasqe) { return (before(yasqe).match(/"([^"\s]{1,20})$/) || ["", ""])[1]; }
  function inTerm(yasqe) {
    const line = before(yasqe);
    return /(?:^|[\s({[;.,^|/!*+?])[a-z]+:?[\w-]*$/i.test(line) && !/[?$]\w*$/.test(line) && !/PREFIX\s+\w*:?$/i.test(line);
  }
  function completers(Yasqe, known) {
    const labels = new Map(known.terms);
    const last = ["项目类别", "专题", "领域"];
    const names = known.names;
    Yasqe.registerAutocompleter({
      name: "terms", bulk: false, autoShow: true,
      isValidCompletionPosition: (yasqe) => !openName(yasqe) && inTerm(yasqe),
      preProcessToken: function (yasqe) {
        const cursor = yasqe.getCursor();
        const text = /[A-Za-z]+:?[\w-]*$/.exec(yasqe.getLine(cursor.line).slice(0, cursor.ch))[0];
        return { string: text, start: cursor.ch - text.length, end: cursor.ch, from: { line: cursor.line, ch: cursor.ch - text.length }, to: { line: cursor.line, ch: cursor.ch } };
      },
      get: function (yasqe, token) {
        const text = token ? token.string.toLowerCase() : "";
        if (text.length < 2) { return []; }
        const exact = token.string;
        const rank = (t) => (t.startsWith(exact) || t.split(":")[1].startsWith(exact) ? 0 : 1);
        return known.terms.map((t) => t[0]).filter((t) => t.toLowerCase().startsWith(text) || (!text.includes(":") && t.toLowerCase().split(":")[1].startsWith(text))).sort((a, b) => rank(a) - rank(b)).slice(0, 40);
      },
      postprocessHints: function (yasqe, hints) {
        return hints.map((h) => Object.assign(h, { displayText: labels.get(h.text) ? h.text + "  " + labels.get(h.text) : h.text }));
      },
    });
    Yasqe.registerAutocompleter({
      name: "names", bulk: false, autoShow: true,
      isValidCompletionPosition: (yasqe) => Boolean(openName(yasqe)),
      preProcessToken: function (yasqe) {
        const cursor = yasqe.getCursor(), text = openName(yasqe);
        const start = cursor.ch - text.length - 1;
        const after = yasqe.getLine(cursor.line).slice(cursor.ch);
        const end = cursor.ch + (/^"(@zh)?/.exec(after) || [""])[0].length;
        return { string: text, start: start, end: end, from: { line: cursor.line, ch: start }, to: { line: cursor.line, ch: end } };
      },
      get: function (yasqe, token) {
        const text = token ? token.string : "";
        if (!text) { return []; }
        const hit = names.filter((n) => n[0].includes(text)).sort((a, b) => last.indexOf(a[2]) - last.indexOf(b[2]) || a[0].indexOf(text) - b[0].indexOf(text) || a[0].length - b[0].length);
        return Array.from(new Set(hit.map((n) => JSON.stringify(n[1]) + "@zh"))).slice(0, 30);
      },
      postprocessHints: function (yasqe, hints) {
        const kinds = new Map(names.map((n) => [JSON.stringify(n[1]) + "@zh", n[2]]));
        return hints.map((h) => Object.assign(h, { displayText: h.text + "  " + (kinds.get(h.text) || "") }));
      },
    });
    return ["terms", "names", "variables"];
  }
  function build(known) {
    const home = window.Yasgui && (window.Yasgui.Yasgui || window.Yasgui.default || window.Yasgui);
    if (!home || !home.Yasqe) { return; }
    const enabled = completers(home.Yasqe, known);
    box.hidden = false;
    editor = new home.Yasqe(box, {
      value: field.value, persistenceId: null, createShareableLink: null, consumeShareLink: null,
      showQueryButton: false, autocompleters: enabled, collapsePrefixesOnLoad: true, lineWrapping: true,
      prefixCcApi: "", resizeable: true, screenReaderLabel: "SPARQL",
    });
    editor.setOption("extraKeys", Object.assign({}, editor.getOption("extraKeys"), {
      "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false,
    }));
    box.querySelector(".CodeMirror-scroll").tabIndex = 0;  // it scrolls, so a keyboard must reach it
    field.hidden = true; field.required = false;
    let wait = 0;
    editor.on("change", function () {
      field.value = editor.getValue();
      if (marked) { marked.clear(); marked = null; }
      clearTimeout(wait); wait = setTimeout(function later() {
        // A line put in above would close the list that is open, or about to be.
        if (editor.state.completionActive || openName(editor) || inTerm(editor)) { wait = setTimeout(later, 600); } else { addPrefixes(); }
      }, 600);
    });
  }

  // what comes back
  function local(iri) {
    if (window.tiaokuai) { return ""; }  // a site of files names them otherwise
    if (iri.startsWith(prefixes.tk)) { return prefix + "/ns#" + iri.slice(prefixes.tk.length); }
    return iri.startsWith(base) ? prefix + "/" + encodeURI(iri.slice(base.length)).replace(/[?#]/g, encodeURIComponent) : "";
  }
  function short(iri) {
    for (const [name, home] of Object.entries(prefixes)) {
      if (iri.startsWith(home)) { return name + ":" + iri.slice(home.length); }
    }
    return iri.startsWith(base) ? iri.split("/").pop() : iri;
  }
  function cell(term) {
    const td = el("td");
    if (!term) { return td; }
    if (term.type === "uri") {
      const href = local(term.value);
      if (href) { td.append(el("a", short(term.value), { href: href, title: term.value })); } else { td.textContent = short(term.value); }
    } else {
      td.textContent = term.value;
      if (/#(integer|decimal|double|float)$/.test(term.datatype || "")) { td.className = "number"; }
    }
    return td;
  }
  function table(columns, rows) {
    const wide = el("div", null, { class: "scroll", tabindex: "0" }), whole = el("table", null, { class: "result" });
    const head = el("tr"), body = el("tbody");
    columns.forEach((c) => head.append(el("th", c, { scope: "col" })));
    const top = el("thead"); top.append(head); whole.append(top, body); wide.append(whole);
    const more = el("button", say.more, { type: "button" });
    let shown = 0;
    function add() {
      rows.slice(shown, shown + STEP).forEach(function (row) {
        const tr = el("tr"); row.forEach((term) => tr.append(cell(term))); body.append(tr);
      });
      shown = Math.min(rows.length, shown + STEP);
      more.hidden = shown === rows.length;
    }
    more.addEventListener("click", add); add();
    at.result.replaceChildren(wide, more);
  }
  const TERM = /\s*(?:<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?)/y;
  const ESCAPES = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };
  function unescaped(text) {
    return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (m, u, w, c) => (c ? ESCAPES[c] || c : String.fromCodePoint(parseInt(u || w, 16))));
  }
  function triples(text) {
    const found = [];
    text.split("\n").forEach(function (line) {
      TERM.lastIndex = 0;
      const row = [];
      for (let m; row.length < 3 && (m = TERM.exec(line)); ) {
        row.push(m[1] !== undefined ? { type: "uri", value: unescaped(m[1]) } : m[2] !== undefined ? { type: "bnode", value: m[2] } : { type: "literal", value: unescaped(m[3]), datatype: m[5] });
      }
      if (row.length === 3) { found.push(row); }
    });
    return found;
  }
  function network(rows) {
    const nodes = new Map(), edges = [];
    rows.filter((r) => r[2].type !== "literal").slice(0, EDGES).forEach(function (row) {
      [row[0], row[2]].forEach((t) => nodes.set(t.value, { id: t.value, label: short(t.value).slice(0, 24), title: t.value }));
      edges.push({ from: row[0].value, to: row[2].value, label: short(row[1].value), arrows: "to" });
    });
    rows.forEach(function (row) {
      const node = nodes.get(row[0].value);
      if (node && row[2].type === "literal" && /(prefLabel|label|notation)$/.test(row[1].value)) { node.label = row[2].value.slice(0, 24); }
    });
    return { nodes: Array.from(nodes.values()), edges: edges, all: rows.filter((r) => r[2].type !== "literal").length };
  }
  function draw(data) {
    at.graph.hidden = false;
    drawn = new window.vis.Network(at.graph, { nodes: new window.vis.DataSet(data.nodes), edges: new window.vis.DataSet(data.edges) }, {
      layout: { randomSeed: 1, improvedLayout: data.nodes.length < 150 },
      physics: { stabilization: { iterations: 200 } },
      nodes: { shape: "dot", size: 9, color: "#0072B2", font: { size: 13, face: "Noto Sans SC, Noto Sans CJK SC, sans-serif" } },
      edges: { color: "#A9A498", font: { size: 10, color: "#504D46", strokeColor: "#FCFBF8" }, smooth: false },
    });
    drawn.once("stabilizationIterationsDone", () => drawn.setOptions({ physics: false }));
    drawn.on("doubleClick", function (event) { const href = event.nodes.length && local(event.nodes[0]); if (href) { window.location.href = href; } });
  }
  function tabs(rows) {
    const data = network(rows);
    if (!window.vis || !data.edges.length) { return; }
    const shown = el("button", say.table, { type: "button", "aria-pressed": "true" });
    const net = el("button", say.network, { type: "button", "aria-pressed": "false" });
    function choose(graph) {
      shown.setAttribute("aria-pressed", String(!graph)); net.setAttribute("aria-pressed", String(graph));
      at.result.hidden = graph; at.graph.hidden = !graph;
      if (graph && !drawn) { draw(data); }
    }
    shown.addEventListener("click", () => choose(false)); net.addEventListener("click", () => choose(true));
    at.tabs.replaceChildren(shown, net);
    if (data.all > data.edges.length) { at.tabs.append(el("small", say.part + " " + data.edges.length + " " + say.edges)); }
    at.tabs.hidden = false;
  }
  function share(text, version) {
    const home = "/v/" + version, q = "?query=" + encodeURIComponent(text);
    const link = el("a", say.link, { href: home + "/editor" + q, id: "permanent" });
    const copy = el("button", say.copy, { type: "button" });
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(link.href).then(function () { copy.textContent = say.copied; }, function () { window.getSelection().selectAllChildren(link); });
    });
    at.share.replaceChildren(link, copy, el("span", say.download));
    ["csv", "tsv", "json", "xlsx"].forEach((f) => at.share.append(el("a", f.toUpperCase(), { href: home + "/q." + f + q })));
    at.share.hidden = false;
  }
  function clear() {
    at.result.replaceChildren(); at.result.hidden = false; at.tabs.hidden = true; at.share.hidden = true; at.graph.hidden = true;
    at.graph.replaceChildren(); drawn = null;
    if (marked) { marked.clear(); marked = null; }
  }
  function refuse(problem) {
    at.status.className = "status wrong"; at.status.textContent = problem.detail || problem.title;
    if (editor && problem.line) {
      const from = { line: problem.line - 1, ch: Math.max(0, problem.column - 1) };
      marked = editor.getDoc().markText(from, { line: from.line, ch: from.ch + 1 }, { className: "wrong-here" });
      editor.getDoc().setCursor(from); editor.focus();
    }
  }
  async function run() {
    addPrefixes(); clear();
    const text = query();
    if (running) { running.abort(); }
    const mine = running = new AbortController();
    at.status.className = "status"; at.status.textContent = say.running; at.run.disabled = true;
    const since = performance.now();
    try {
      const reply = await (window.tiaokuai ? window.tiaokuai.sparql(text, prefixes, mine.signal) : fetch(form.dataset.sparql, {
        method: "POST", body: text, signal: mine.signal,
        headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, application/n-triples;q=0.9", "Accept-Language": document.documentElement.lang },
      }));
      const media = reply.headers.get("content-type") || "", body = await reply.text();
      if (media.includes("problem+json")) { refuse(JSON.parse(body)); return; }
      const version = reply.headers.get("tiaokuai-version"), cut = reply.headers.get("tiaokuai-truncated");
      const hint = decodeURIComponent(reply.headers.get("tiaokuai-hint") || "");
      let count = "";
      if (media.includes("n-triples")) {
        const rows = triples(body);
        table(["subject", "predicate", "object"], rows); tabs(rows); count = rows.length + " " + say.triples;
      } else {
        const found = JSON.parse(body);
        if (found.boolean !== undefined) { at.result.replaceChildren(el("p", found.boolean ? say.yes : say.no, { class: "answer" })); }
        else {
          const names = found.head.vars, rows = found.results.bindings.map((b) => names.map((n) => b[n]));
          table(names, rows); count = rows.length + " " + say.rows;
        }
      }
      const parts = [count, cut ? say.cut : say.whole, Math.round(performance.now() - since) + " ms", say.version + " " + version];
      if (window.tiaokuai) { parts.pop(); }
      at.status.textContent = parts.filter(Boolean).join(" · ");
      if (hint) { at.result.append(el("p", hint, { class: "hint" })); }
      if (!window.tiaokuai) { share(text, version); }
    } catch (error) {
      if (error.name !== "AbortError") { at.status.className = "status wrong"; at.status.textContent = say.failed; }
    } finally {
      if (running === mine) { running = null; at.run.disabled = false; }
    }
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); run(); });
  fetch(form.dataset.terms).then((reply) => reply.json()).catch(() => ({ terms: [], names: [] })).then(function (known) {
    build(known);
    addPrefixes();  // else the first thing seen is a mark of an error
    form.dataset.ready = "yes";
    if (form.dataset.run) { run(); }
  });
})();
