// A plain script before the first paint: a page that was chosen dark must not flash light. two-shores.js stores the choice.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is switched off: the device decides */ }
