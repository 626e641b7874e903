// Everything works without script. This adds: "/" brings the search, names are suggested while one
// types, quotations and addresses are copied, what is inferred lies open where there is room.
"use strict";
(function () {
  const typing = function () {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  };
  document.addEventListener("keydown", function (event) {
    const field = document.querySelector("input[type=search]");
    if (event.key === "/" && field && !typing() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); field.focus(); field.select();
    }
  });

  function suggest(field, number) {
    const list = document.createElement("ul");
    list.className = "near"; list.id = "near-" + number; list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.getAttribute("aria-label"));
    field.after(list);
    const set = function (name, value) { field.setAttribute(name, value); };
    set("role", "combobox"); set("aria-autocomplete", "list"); set("aria-expanded", "false");
    set("aria-controls", list.id);
    let items = [], at = -1, asked = 0, wait = 0;
    const close = function () {
      list.hidden = true; at = -1; set("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const mark = function () {
      Array.from(list.children).forEach(function (li, n) {
        li.setAttribute("aria-selected", n === at ? "true" : "false");
      });
      if (at >= 0) { set("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({ block: "nearest" }); }
      else { field.removeAttribute("aria-activedescendant"); }
    };
    const show = function (found) {
      items = found; at = -1; list.replaceChildren();
      found.forEach(function (item, n) {
        const li = document.createElement("li"), name = document.createElement("span"), kind = document.createElement("small");
        li.id = list.id + "-" + n; li.setAttribute("role", "option"); li.setAttribute("aria-selected", "false");
        name.textContent = item.label; kind.textContent = item.kind;
        li.append(name, kind);
        li.addEventListener("mousedown", function (event) { event.preventDefault(); location.href = item.href; });
        list.append(li);
      });
      list.hidden = !found.length; set("aria-expanded", found.length ? "true" : "false");
    };
    field.addEventListener("input", function (event) {
      if (event.isComposing) return;
      clearTimeout(wait);
      const words = field.value.trim(), mine = ++asked;
      if (!words) { close(); return; }
      wait = setTimeout(function () {
        const address = new URL(field.dataset.suggest, location.href);
        address.searchParams.set("q", words);
        const reply = window.tiaokuai  // a site of files finds names itself
          ? window.tiaokuai.suggest(words)
          : fetch(address, { headers: { accept: "application/json" } }).then(function (r) { return r.ok ? r.json() : { items: [] }; });
        reply
          .then(function (found) { if (mine === asked && document.activeElement === field) show(found.items); })
          .catch(close);
      }, 90);
    });
    field.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      if (list.hidden || !items.length) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        at = (at + step + items.length + 1) % (items.length + 1);
        if (at === items.length) at = -1;
        mark();
      }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.href = items[at].href; }
    });
    field.addEventListener("blur", close);
  }
  document.querySelectorAll("input[data-suggest]").forEach(suggest);

  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copy]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        const said = button.textContent;
        navigator.clipboard.writeText(button.dataset.copy).then(function () {
          button.textContent = document.documentElement.lang === "en" ? "copied" : "已复制";
          setTimeout(function () { button.textContent = said; }, 1500);
        });
      });
    });
  }
  if (matchMedia("(min-width: 761px)").matches) {
    document.querySelectorAll("details[data-wide]").forEach(function (part) { part.open = true; });
  }
  const doubts = Array.from(document.querySelectorAll("details.doubt"));
  if (doubts.length) {
    document.addEventListener("keydown", function (event) {
      if (typing() && document.activeElement.type !== "radio") return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = doubts.findIndex(function (d) { return d.open; });
      const key = event.key.toLowerCase();
      if (key === "j" || key === "k") {
        const next = doubts[Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), doubts.length - 1)];
        next.open = true; next.querySelector("summary").focus(); next.scrollIntoView({ block: "nearest" });
      } else if (at >= 0 && /^[1-3]$/.test(key)) {
        const choice = doubts[at].querySelectorAll("input[type=radio]")[key - 1];
        if (choice) { choice.checked = true; choice.focus(); }
      } else if (at >= 0 && key === "e") {
        doubts[at].querySelector(".quote footer a").click();
      }
    });
  }
  document.querySelectorAll(".jump a").forEach(function (link) {
    link.addEventListener("click", function () {
      const part = link.hash && document.getElementById(link.hash.slice(1));
      if (part && "open" in part) part.open = true;
    });
  });
  document.querySelectorAll("button[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { print(); });
  });
  document.querySelectorAll("select[data-go]").forEach(function (field) {
    field.addEventListener("change", function () { if (!window.tiaokuai) field.form.submit(); });
  });
})();
