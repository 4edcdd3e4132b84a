// After require.js and before embed-amd.js. Explorers work without this file; it
// says where html-manager's own files lie, and names the controls for those who hear
// the page.
(() => {
  // Beside this file, not below the page's own address.
  const here = new URL('.', document.currentScript.src).href;
  requirejs.config({ baseUrl: here, paths: {
    '@jupyter-widgets/html-manager/dist/libembed-amd': here + 'embed-amd',
    '@jupyter-widgets/html-manager': here + 'embed-amd' } });

  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const labelOf = (element) => {
    const label = element && element.querySelector('.widget-label');
    return (label && label.textContent.trim()) || '';
  };

  const nameControls = () => {
    for (const slider of document.querySelectorAll('.widget-slider')) {
      const handle = slider.querySelector('.noUi-handle');
      const readout = slider.querySelector('.widget-readout');
      if (!handle) continue;
      set(handle, 'aria-label', labelOf(slider) || 'Value');
      if (!readout) continue;
      // The slider itself would say its index: "3.00" where the page shows "45°".
      set(handle, 'aria-valuetext', readout.textContent.trim());
      set(readout, 'tabindex', '-1');  // editable, but nothing comes of editing it
    }
    for (const play of document.querySelectorAll('.widget-play')) {
      const what = labelOf(play.parentElement).toLowerCase();
      const [run, stop] = play.querySelectorAll('button');
      const verb = run.querySelector('.fa-pause') ? 'Pause' : 'Play';
      for (const [button, text] of [[run, verb], [stop, 'Stop']]) {
        set(button, 'aria-label', `${text} ${what}`.trim());
        set(button, 'title', text);
      }
    }
    for (const group of document.querySelectorAll('.widget-toggle-buttons')) {
      set(group, 'role', 'group');
      set(group, 'aria-label', labelOf(group) || 'Choice');
      for (const button of group.querySelectorAll('.widget-toggle-button')) {
        set(button, 'aria-pressed', String(button.classList.contains('mod-active')));
      }
    }
  };

  // Once a frame at most, however much of the page changes.
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; nameControls(); });
  }).observe(document.documentElement, {
    childList: true, subtree: true,
    attributes: true, attributeFilter: ['class', 'aria-valuetext'],
  });
})();
