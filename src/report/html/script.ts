/** What the HTML report does when scripts run: filters, theme, evidence that opens when it is gone to. Without it all is readable. */

/** Plain JavaScript. Its digest stands in the content security policy. It reads text and never writes markup. */
export const SCRIPT = `
'use strict';
(() => {
  const root = document.documentElement;
  const get = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  const theme = get('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const showTheme = () => theme.setAttribute('aria-pressed', String(isDark()));
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    showTheme();
  });
  system.addEventListener('change', showTheme);
  theme.hidden = false;
  showTheme();

  const reveal = () => {
    const id = location.hash.slice(1);
    let element = id === '' ? null : get(id);
    if (element === null) return;
    const target = element;
    for (; element !== null; element = element.parentElement) {
      if (element.tagName === 'DETAILS') element.open = true;
    }
    target.scrollIntoView();
    const focus = target.tagName === 'DETAILS' ? target.querySelector('summary') : target;
    if (focus.tabIndex < 0) focus.setAttribute('tabindex', '-1');
    focus.focus({ preventScroll: true });
  };

  const form = get('filters');
  const cards = all('#findings article').map((card) => ({ card, text: card.textContent.toLowerCase() }));
  const areas = all('#findings .area');
  const filter = () => {
    const value = (id) => get(id).value;
    const search = value('by-text').trim().toLowerCase();
    const wanted = { level: value('by-level'), area: value('by-area'), server: value('by-server') };
    let shown = 0;
    for (const { card, text } of cards) {
      const fits = Object.keys(wanted).every((key) => wanted[key] === '' || card.dataset[key] === wanted[key]);
      card.hidden = !(fits && text.includes(search));
      if (!card.hidden) shown += 1;
    }
    for (const area of areas) area.hidden = area.querySelector('article:not([hidden])') === null;
    get('count').textContent = shown + ' of ' + cards.length + ' findings shown';
  };
  if (form !== null) {
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', filter);
    get('show-all').addEventListener('click', () => {
      for (const id of ['by-level', 'by-area', 'by-server', 'by-text']) get(id).value = '';
      filter();
    });
    form.hidden = false;
    filter();
  }

  let closed = [];
  addEventListener('beforeprint', () => {
    closed = all('details:not([open])');
    for (const one of closed) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of closed) one.open = false;
  });
  addEventListener('hashchange', reveal);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (link !== null && link.getAttribute('href') === location.hash) reveal();
  });
  reveal();
})();
`;
