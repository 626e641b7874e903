// On a site of files: what the server would answer to an address with a query string.
// Sentences of a picture, the mark in a text, search, filters; questions are in questions.js.
"use strict";
(function () {
  const meta = document.querySelector('meta[name="site"]');
  const root = new URL(meta.content, location.href), path = meta.dataset.path;
  const english = document.documentElement.lang === "en";
  const own = new URL(english ? "en/" : "./", root);
  const asked = new URLSearchParams(location.search);
  const say = function (zh, en) { return english ? en : zh; };
  const offline = new URL("offline.html", own).href;
  const read = function (url) {
    return fetch(url).then(function (reply) { if (!reply.ok) { throw new Error(url); } return reply.json(); });
  };
  function el(name, text, attributes) {
    const e = document.createElement(name);
    if (text) { e.textContent = text; }
    Object.entries(attributes || {}).forEach(function (pair) { e.setAttribute(pair[0], pair[1]); });
    return e;
  }
  function refusal(words) {
    const note = el("p", words + " ", { class: "note", role: "status" });
    note.append(el("a", say("什么需要服务器", "What needs a server"), { href: offline }));
    return note;
  }
  function later(ready) {
    if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", ready); } else { ready(); }
  }

  // Search: names first, then words, as the server ranks them.
  let index = null;
  const plain = function (text) { return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase(); };
  function entries() {
    index = index || read(new URL("search/index.json", own));
    return index;
  }
  function rank(entry, words) {
    if (entry.names[0] === words) { return 0; }
    if (entry.names.includes(words)) { return 1; }
    if (entry.names.some(function (n) { return n.startsWith(words); })) { return 2; }
    return entry.names.some(function (n) { return n.includes(words); }) ? 3 : 9;
  }
  function clause(entry, words) {
    for (const text of entry.words) {
      const folded = text.toLowerCase(), at = folded.indexOf(words);
      if (at < 0 || folded.length !== text.length) { continue; }
      const left = Math.max.apply(null, ["。", ";", "；"].map(function (m) { return at ? text.lastIndexOf(m, at - 1) : -1; })) + 1;
      const stops = ["。", ";", "；"].map(function (m) { return text.indexOf(m, at + words.length); }).filter(function (n) { return n >= 0; });
      const right = stops.length ? Math.min.apply(null, stops) + 1 : text.length;
      return [text.slice(left, at), text.slice(at, at + words.length), text.slice(at + words.length, right)];
    }
    return null;
  }
  function find(all, typed) {
    const words = plain(typed), parts = typed.split(/\s+/).map(plain).filter(Boolean);
    if (!words) { return []; }
    const found = [];
    all.forEach(function (entry, n) {
      let place = rank(entry, words), said = null;
      if (entry.type === "target") {
        said = clause(entry, words);
        const whole = plain(entry.label + entry.words.join(""));
        if (place === 9 && (said || parts.every(function (p) { return whole.includes(p); }))) { place = 6; }
      }
      if (place < 9) { found.push({ entry: entry, said: said, key: [place, n] }); }
    });
    return found.sort(function (a, b) { return a.key[0] - b.key[0] || a.key[1] - b.key[1]; });
  }
  function results(found, types, words) {
    const main = document.getElementById("main"), heading = main.querySelector("h1");
    if (heading) { heading.textContent = say("搜索“" + words + "”", "Search “" + words + "”"); }
    main.querySelectorAll("form.search input[type=search], #find input[type=search]").forEach(function (f) { f.value = words; });
    main.querySelectorAll("section.hits").forEach(function (s) { s.remove(); });
    const sentence = main.querySelector("p.answer");
    if (sentence) { sentence.textContent = found.length ? say(found.length + "项结果。", found.length + " results.") : say("没有名称或原文含“" + words + "”。", "Nothing is called or says “" + words + "”."); }
    Object.keys(types).forEach(function (type) {
      const mine = found.filter(function (f) { return f.entry.type === type; });
      if (!mine.length) { return; }
      const section = el("section", "", { class: "hits" }), bar = el("div", "", { class: "bar" }), list = el("ul", "", { class: "entries one" });
      const title = el("h2", types[type] + " "); title.append(el("small", String(mine.length)));
      bar.append(title); section.append(bar, list); main.append(section);
      mine.slice(0, 200).forEach(function (f) {
        const item = el("li");
        item.append(el("a", f.entry.label, { href: new URL(f.entry.href, root).href }), " ", el("small", [f.entry.kind, f.entry.note].filter(Boolean).join(" · ")));
        if (f.said) {
          const p = el("p", "", { class: "song" });
          p.append(f.said[0], el("mark", f.said[1]), f.said[2]); item.append(p);
        }
        list.append(item);
      });
    });
  }
  function suggest(words) {
    return entries().then(function (known) {
      const items = find(known.entries, words).slice(0, 8).map(function (f) {
        return { label: f.entry.label, kind: f.entry.kind, href: new URL(f.entry.href, root).href };
      });
      return { items: items };
    });
  }

  // A picture: the sentences of what was chosen, below it.
  const src = meta.dataset.sentences;
  let cells = null;
  function show(key) {
    const section = document.getElementById("sentences");
    cells = cells || read(new URL(src, location.href));
    return cells.then(function (all) {
      const cell = all[key];
      if (!cell) { section.replaceChildren(el("p", say("图里没有这一格。", "The picture has no such cell."), { class: "note" })); return; }
      const bar = el("div", "", { class: "bar thin" }), body = el("div");
      bar.append(el("h2", cell.label));
      body.innerHTML = cell.html;  // made with the site, by the page's own template
      section.replaceChildren(bar, body);
      section.scrollIntoView({ block: "nearest" });
    });
  }

  // A text: mark what an address points at, in code points.
  function mark(span) {
    const box = document.querySelector("div.notice"), ends = /^(\d+)-(\d+)$/.exec(span);
    if (!box || !ends) { return; }
    const points = Array.from(box.textContent), from = Number(ends[1]), to = Number(ends[2]);
    const found = el("mark", points.slice(from, to).join(""), { id: "at", tabindex: "-1" });
    box.replaceChildren(points.slice(0, from).join(""), found, points.slice(to).join(""));
    found.scrollIntoView({ block: "center" });
  }

  // Forms that choose what is shown: the file that holds it, if the site has one.
  let known = null;
  function fileOf(page, chosen) {
    known = known || read(new URL("data/addresses-" + (english ? "en" : "zh") + ".json", root));
    return known.then(function (all) {
      const usual = all.filters[page] || {}, kept = [];
      chosen.forEach(function (value, name) {
        if (value && name !== "lang" && usual[name] !== value) { kept.push([name, value]); }
      });
      kept.sort(function (a, b) { return a[0] < b[0] ? -1 : 1; });
      const key = page + (kept.length ? "?" + new URLSearchParams(kept) : "");
      const file = kept.length ? all.pages[key] : (english ? "en" : "") + page + ".html";
      return file && new URL(file.split("/").map(encodeURIComponent).join("/").replace(/^\//, ""), root).href;
    });
  }
  function choose(event) {
    const form = event.target;
    if (form.method !== "get" || form.matches("#editor, [role=search]") || form.dataset.asked) { return; }
    if (form.dataset.path.startsWith("/queries/") && typeof WebAssembly === "object") { return; }
    event.preventDefault();
    fileOf(form.dataset.path, new URLSearchParams(new FormData(form))).then(function (file) {
      if (file) { location.href = file; return; }
      form.querySelectorAll(".note").forEach(function (n) { n.remove(); });
      form.append(refusal(say("这个组合要有服务器才能画。", "This combination needs a server.")));
    });
  }

  window.tiaokuai = { root: root, own: own, path: path, asked: asked, say: say, el: el, read: read, refusal: refusal, suggest: suggest };
  later(function () {
    document.addEventListener("submit", choose);
    document.querySelectorAll("select[data-go]").forEach(function (field) {
      field.addEventListener("change", function () { field.form.requestSubmit(); });
    });
    if (path === "/search" && asked.get("q")) {
      const words = asked.get("q").trim();
      entries().then(function (all) { results(find(all.entries, words), all.types, words); });
    }
    if (src) {
      document.querySelector("figure.picture").addEventListener("click", function (event) {
        const link = event.target.closest("a");
        const href = link && (link.getAttribute("href") || link.getAttribute("xlink:href"));
        const at = href && new URL(href, location.href).searchParams.get("at");
        if (at) { event.preventDefault(); show(at); }
      });
      if (asked.get("at")) { show(asked.get("at")); }
    }
    if (asked.get("at") && document.querySelector("div.notice")) { mark(asked.get("at")); }
  });
})();
