// On a site of files: questions with parameters and the SPARQL editor, answered in the browser.
"use strict";
(function () {
  const site = window.tiaokuai, say = site.say, el = site.el;
  const LIMIT_MS = 30000;
  let worker = null, waiting = null, number = 0;

  function stop(why) {
    if (worker) { worker.terminate(); worker = null; }
    if (waiting) { waiting.reject(new Error(why)); waiting = null; }
  }
  function ask(query) {
    stop(say("已停止", "stopped"));
    worker = new Worker(new URL("static/oxigraph-worker.js", site.root), { type: "module" });
    const mine = worker, id = ++number;
    return new Promise(function (resolve, reject) {
      waiting = { reject: reject };
      const timer = setTimeout(function () { stop(say("超过了30秒，已停止", "stopped after 30 s")); }, LIMIT_MS);
      mine.onmessage = function (event) {
        clearTimeout(timer); waiting = null;
        if (event.data.error) { reject(new Error(event.data.error)); } else { resolve(event.data); }
      };
      mine.onerror = function () { clearTimeout(timer); waiting = null; reject(new Error(say("浏览器不能运行 WebAssembly", "this browser cannot run WebAssembly"))); };
      mine.postMessage({ id: id, query: query });
    });
  }

  // A question of the catalogue, as queries/catalogue.py binds and orders it.
  const squeeze = function (text) { return text.replace(/\s+/g, ""); };
  const narrow = function (text) { return text.replace(/／/g, "/").replace(/（/g, "(").replace(/）/g, ")"); };
  const digits = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 十一: 11, 十二: 12 };
  const quoted = function (text) { return JSON.stringify(text); };
  function meant(known, kind, text) {
    const value = squeeze(text), forms = known.forms[kind] || {};
    const labels = forms[value] || forms[narrow(value)];
    if (!labels) { throw new Error(say("没有“" + text + "”", "there is no " + text)); }
    return labels;
  }
  function terms(known, parameter, text) {
    const value = squeeze(text);
    if (parameter.kind === "quarter" || parameter.kind === "month") {
      const bare = value.replace(/^[Qq第]+/, "").replace(/[季度月份]+$/, ""), n = String(digits[bare] || bare);
      if (!known.choices[parameter.kind].includes(n)) { throw new Error(say("“" + text + "”不对", text + " is not allowed")); }
      return [n];
    }
    if (parameter.kind === "day") {
      const day = /^(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?$/.exec(value);
      if (!day) { throw new Error(say("“" + text + "”不是日期", text + " is no day")); }
      return ['"' + day[1] + "-" + day[2].padStart(2, "0") + "-" + day[3].padStart(2, "0") + '"^^<http://www.w3.org/2001/XMLSchema#date>'];
    }
    if (parameter.kind === "metres") { return ['"' + value.replace(/[米m]$/i, "") + '"^^<http://www.w3.org/2001/XMLSchema#decimal>']; }
    if (parameter.kind === "text" || parameter.kind === "shape") { return [quoted(parameter.kind === "text" ? value : text.trim())]; }
    if (parameter.kind === "target") {
      if (!known.choices.target.includes(value)) { throw new Error(say("没有目标“" + text + "”", "there is no target " + text)); }
      return [quoted(value)];
    }
    if (parameter.kind === "bodies") {
      const each = text.split(/[、,，;；]/).filter(squeeze).map(function (p) { return meant(known, "body", p); });
      const all = each.reduce(function (made, labels) { return made.flatMap(function (m) { return labels.map(function (l) { return m.concat([l]); }); }); }, [[]]);
      return all.map(function (m) { return quoted("|" + Array.from(new Set(m)).join("|") + "|"); });
    }
    return meant(known, parameter.kind, text).map(function (l) { return quoted(l) + "@zh"; });
  }
  function bound(known, question, given) {
    const found = {};
    question.params.forEach(function (p) {
      const text = given[p.name] || p.default;
      if (text.trim()) { found[p.name] = terms(known, p, text); }
    });
    return found;
  }
  function filled(question, values) {
    const clauses = {};
    Object.keys(values).forEach(function (name) { clauses[name] = "VALUES ?" + name + " { " + values[name].join(" ") + " }"; });
    let text = question.query;
    if (Object.keys(clauses).length) {
      const begin = "WHERE {\n" + Object.values(clauses).map(function (c) { return "  " + c; }).join("\n");
      text = text.replace(/\bWHERE \{/, function () { return begin; });
      text = text.replace(/\{(\s+)(?=\?\w+ \S+ \?(\w+) )/g, function (whole, space, name) { return clauses[name] ? whole + clauses[name] + space : whole; });
    }
    return text;
  }
  function ordered(text, separator) {
    const size = function (word) { return Number((/^\d+/.exec(word) || ["0"])[0]); };
    return text.split(separator).sort(function (a, b) { return size(a) - size(b) || (a < b ? -1 : a > b ? 1 : 0); }).join(separator);
  }
  function answer(known, name, given) {
    const question = known.questions[name], values = bound(known, question, given), query = filled(question, values);
    return ask(query).then(function (reply) {
      const found = JSON.parse(reply.body), joined = {};
      for (const m of question.query.matchAll(/GROUP_CONCAT\([^;]*; *separator="(.+?)"\) AS \?(\w+)/g)) { joined[m[2]] = m[1]; }
      const hidden = question.params.filter(function (p) { return p.default && values[p.name].length === 1; }).map(function (p) { return p.name; });
      const names = question.params.map(function (p) { return p.name; });
      const rows = found.results.bindings.map(function (row) {
        Object.keys(joined).forEach(function (v) { if (row[v]) { row[v].value = ordered(row[v].value, joined[v]); } });
        return row;
      });
      const columns = found.head.vars.filter(function (c) {
        return !hidden.includes(c) && !(names.includes(c) && !rows.some(function (r) { return r[c] && r[c].value; }));
      });
      return { columns: columns, rows: rows.map(function (row) { return columns.map(function (c) { return row[c] || null; }); }), query: query };
    });
  }
  function draw(known, found) {
    const table = document.querySelector("table.result"), head = el("tr"), body = el("tbody"), top = el("thead");
    found.columns.forEach(function (c) { head.append(el("th", known.heads[c] || c, { scope: "col" })); });
    found.rows.forEach(function (row) {
      const tr = el("tr");
      row.forEach(function (term, i) { tr.append(el("td", term ? (term.type === "uri" ? decodeURI(term.value).split("/").pop() : term.value) : "", { "data-c": known.heads[found.columns[i]] || found.columns[i] })); });
      body.append(tr);
    });
    top.append(head); table.replaceChildren(top, body);
    document.querySelector(".said .answer").textContent = say(found.rows.length + "行。", found.rows.length + " rows.");
    document.querySelector("details.fold pre").textContent = found.query;
    table.dataset.answer = JSON.stringify({ columns: found.columns, rows: found.rows.map(function (r) { return r.map(function (t) { return t && t.value; }); }) });
  }
  const catalogue = function () { return site.read(new URL("queries/catalogue.json", site.own)); };
  const name = site.path.startsWith("/queries/") ? site.path.slice(9) : "";

  site.sparql = function (text, prefixes, signal) {
    signal.addEventListener("abort", function () { stop(say("已停止", "stopped")); });
    const known = Object.entries(prefixes).filter(function (p) { return new RegExp("\\b" + p[0] + ":").test(text) && !new RegExp("PREFIX\\s+" + p[0] + ":", "i").test(text); });
    return ask(known.map(function (p) { return "PREFIX " + p[0] + ": <" + p[1] + ">\n"; }).join("") + text).then(function (reply) {
      const body = typeof reply.body === "string" ? reply.body : JSON.stringify({ boolean: reply.body });
      return { headers: new Headers({ "content-type": reply.form === "json" ? "application/sparql-results+json" : "application/n-triples" }), text: function () { return Promise.resolve(body); } };
    }, function (error) {
      return { headers: new Headers({ "content-type": "application/problem+json" }), text: function () { return Promise.resolve(JSON.stringify({ title: "SPARQL", detail: error.message })); } };
    });
  };
  document.addEventListener("DOMContentLoaded", function () {
    const button = el("button", say("停止", "Stop"), { type: "button", class: "light", id: "stop" });
    button.addEventListener("click", function () { stop(say("已停止", "stopped")); });
    const form = document.querySelector("form.ask, form#editor");
    if (form) { (form.querySelector("p.buttons") || form).append(button); }
    if (!name) {
      const query = site.asked.get("query"), wanted = site.asked.get("question");
      const field = document.getElementById("query");
      if (query && field) { field.value = query; }
      if (wanted && !query) {
        catalogue().then(function (known) {
          const question = known.questions[wanted];
          if (question) { location.replace("?" + new URLSearchParams({ query: filled(question, bound(known, question, {})) })); }
        });
      }
      return;
    }
    const given = {};
    site.asked.forEach(function (value, key) { if (!["lang", "district", "year", "notice"].includes(key)) { given[key] = value; } });
    if (!Object.keys(given).length) { return; }
    document.querySelectorAll("form.ask [name]").forEach(function (f) { if (given[f.name] !== undefined) { f.value = given[f.name]; } });
    const said = document.querySelector(".said .answer");
    said.textContent = say("正在回答", "answering");
    catalogue().then(function (known) { return answer(known, name, given).then(function (found) { draw(known, found); }); })
      .catch(function (error) { said.replaceChildren(site.refusal(error.message + say("。", "."))); });
  });
})();
