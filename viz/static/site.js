// "/" brings the search; nothing else needs script.
"use strict";
document.addEventListener("keydown", function (event) {
  const field = document.querySelector("input[type=search]");
  if (event.key === "/" && field && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault(); field.focus();
  }
});
