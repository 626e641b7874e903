// Moves and scales a map in its frame: buttons, wheel with Ctrl, dragging, keys; nothing is fetched.
"use strict";
(function () {
  const english = document.documentElement.lang === "en";
  const say = function (zh, en) { return english ? en : zh; };
  document.querySelectorAll(".picture g.pane").forEach(function (pane, number) {
    const svg = pane.ownerSVGElement, inner = pane.firstElementChild;
    const box = pane.dataset.box.split(" ").map(Number);
    const figure = svg.closest(".picture");
    let scale = 1, x = 0, y = 0, held = null, moved = false;

    const space = svg.namespaceURI;
    const clip = document.createElementNS(space, "clipPath"), edge = document.createElementNS(space, "rect");
    clip.id = "pane-" + number;
    ["x", "y", "width", "height"].forEach(function (name, i) { edge.setAttribute(name, box[i]); });
    clip.append(edge); svg.prepend(clip);
    pane.setAttribute("clip-path", "url(#" + clip.id + ")");

    function show() {
      scale = Math.min(Math.max(scale, 1), 24);
      x = Math.min(Math.max(x, (box[0] + box[2]) * (1 - scale)), box[0] * (1 - scale));
      y = Math.min(Math.max(y, (box[1] + box[3]) * (1 - scale)), box[1] * (1 - scale));
      inner.setAttribute("transform", "matrix(" + [scale, 0, 0, scale, x, y].join(" ") + ")");
    }
    function zoom(factor, at) {
      const point = at || { x: box[0] + box[2] / 2, y: box[1] + box[3] / 2 };
      const now = Math.min(Math.max(scale * factor, 1), 24);
      x = point.x - (point.x - x) * now / scale;
      y = point.y - (point.y - y) * now / scale;
      scale = now; show();
    }
    function reset() { scale = 1; x = 0; y = 0; show(); }
    function here(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return { x: point.x, y: point.y };
    }
    function closer(link) {
      const b = link.getBBox();
      scale = Math.min(24, 0.5 * Math.min(box[2] / Math.max(b.width, 1), box[3] / Math.max(b.height, 1)));
      scale = Math.max(scale, 1);
      x = box[0] + box[2] / 2 - (b.x + b.width / 2) * scale;
      y = box[1] + box[3] / 2 - (b.y + b.height / 2) * scale;
      show(); link.focus({ preventScroll: true });
    }

    svg.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && !event.metaKey) { return; }
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, here(event));
    }, { passive: false });
    pane.addEventListener("pointerdown", function (event) { if (scale > 1) { held = here(event); moved = false; } });
    window.addEventListener("pointermove", function (event) {
      if (!held) { return; }
      const now = here(event);
      moved = moved || Math.hypot(now.x - held.x, now.y - held.y) > 4;
      if (moved) { x += now.x - held.x; y += now.y - held.y; held = now; show(); }
    });
    window.addEventListener("pointerup", function () { held = null; });
    pane.addEventListener("click", function (event) { if (moved) { event.preventDefault(); moved = false; } }, true);
    pane.addEventListener("dragstart", function (event) { event.preventDefault(); });
    figure.addEventListener("keydown", function (event) {
      const step = 60;
      const keys = {
        "+": function () { zoom(1.5); }, "=": function () { zoom(1.5); }, "-": function () { zoom(1 / 1.5); }, "0": reset, Escape: reset,
        ArrowLeft: function () { x += step; show(); }, ArrowRight: function () { x -= step; show(); },
        ArrowUp: function () { y += step; show(); }, ArrowDown: function () { y -= step; show(); }
      };
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || (event.key.startsWith("Arrow") && scale === 1)) { return; }
      event.preventDefault(); act();
    });

    const tools = document.createElement("div");
    tools.className = "map-tools"; tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", say("地图", "Map"));
    [["+", say("放大", "zoom in"), function () { zoom(1.5); }], ["−", say("缩小", "zoom out"), function () { zoom(1 / 1.5); }], [say("全图", "whole"), say("看全图", "show the whole map"), reset]].forEach(function (one) {
      const button = document.createElement("button");
      button.type = "button"; button.className = "light"; button.textContent = one[0];
      button.setAttribute("aria-label", one[1]); button.addEventListener("click", one[2]);
      tools.append(button);
    });
    const pick = document.createElement("select"), first = document.createElement("option");
    pick.setAttribute("aria-label", say("找地点", "find a place"));
    first.textContent = say("找地点…", "find a place…"); first.value = ""; pick.append(first);
    Array.from(inner.querySelectorAll("a")).forEach(function (link, i) {
      const option = document.createElement("option");
      option.value = String(i); option.textContent = link.getAttribute("aria-label"); pick.append(option);
    });
    pick.addEventListener("change", function () {
      const link = inner.querySelectorAll("a")[Number(pick.value)];
      if (pick.value && link) { closer(link); }
    });
    const help = document.createElement("small");
    help.textContent = say("加减号缩放，方向键移动，0 看全图；Ctrl 加滚轮缩放，拖动移动", "+ and - zoom, arrows move, 0 shows all; Ctrl and wheel zoom, drag to move");
    tools.append(pick, help);
    figure.before(tools);
  });
})();
