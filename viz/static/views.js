// Copies what stands in an element, or a picture; in a frame, tells the page around how high it is.
"use strict";
(function () {
  const today = new Date().toISOString().slice(0, 10);
  document.querySelectorAll("[data-day]").forEach(function (e) {
    const day = e.dataset.day;
    e.textContent = e.textContent.split(day).join(day.replace(/\d{4}-\d\d-\d\d/, today));
  });
  function said(button) {
    const words = button.textContent;
    button.textContent = document.documentElement.lang === "en" ? "copied" : "已复制";
    setTimeout(function () { button.textContent = words; }, 1500);
  }
  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copies]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent).then(function () { said(button); });
      });
    });
    if (window.ClipboardItem) {
      document.querySelectorAll("button[data-copies-png]").forEach(function (button) {
        button.hidden = false;
        button.addEventListener("click", function () {
          const address = new URL(button.dataset.copiesPng, location.href);
          const image = fetch(address.pathname + address.search).then(function (reply) { return reply.blob(); });
          navigator.clipboard.write([new ClipboardItem({ "image/png": image })]).then(function () { said(button); });
        });
      });
    }
  }
  if (parent !== window && document.body.classList.contains("embed")) {
    const tell = function () {
      parent.postMessage({ type: "tiaokuai:height", height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
    };
    new ResizeObserver(tell).observe(document.documentElement); tell();
  }
})();
