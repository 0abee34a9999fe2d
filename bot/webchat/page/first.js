// Before anything is drawn: a tab that has a talk, or a link that says more, does not begin with the greeting that the
// server put into the page; and what is tapped of it before the other scripts are there is not lost.
(function () {
  var root = document.documentElement;
  try {
    if (location.hash || sessionStorage.getItem("chat") || localStorage.getItem("chat")) root.className = "known";
  } catch (error) {
    /* storage is switched off: then there is no talk either */
  }
  document.addEventListener("click", function (event) {
    var key = event.target.closest && event.target.closest("#greeting .key");
    if (!key || root.dataset.tapped) return;
    root.dataset.tapped = key.dataset.asks;
    key.setAttribute("aria-disabled", "true");
  });
})();
