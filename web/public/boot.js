// Before the first paint: how this browser was last told to look, so that nothing flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const size = localStorage.getItem("reading-size");
  if (size === "small" || size === "large") document.documentElement.dataset.size = size;
} catch {
  // Storage is off in this browser: the defaults it is.
}
