/**
 * Sorts and filters tables of results, and orders galleries, in the reader's browser; without it all is there, in the order of
 * the experiment. Plain script, no network, no dependencies.
 */
export const orderScript = `
(() => {
  const FILTERED = 12; // rows from which on a table has a filter

  const number = (text) => {
    const value = Number.parseFloat((text ?? '').replace('\\u2212', '-'));
    return Number.isNaN(value) ? null : value;
  };

  // Best first, what has no number last.
  const byValue = (value, higher) => (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return higher ? y - x : x - y;
  };

  function sortable(table) {
    const bodies = [...table.tBodies];
    const original = bodies.map((body) => [...body.rows]);
    const heads = [...table.querySelectorAll('thead th.group')];
    heads.forEach((head, column) => {
      const better = head.querySelector('abbr')?.title ?? '';
      if (!/^(higher|lower)/.test(better)) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.title = 'Sort by this: best first, worst first, as it was';
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const next = { none: 'descending', descending: 'ascending', ascending: 'none' }[head.ariaSort ?? 'none'];
        for (const other of heads) other.ariaSort = null;
        head.ariaSort = next === 'none' ? null : next;
        const value = (row) => number(row.querySelectorAll('td.mean')[column]?.querySelector('.value')?.textContent);
        const order = byValue(value, better.startsWith('higher') === (next === 'descending'));
        bodies.forEach((body, i) => body.append(...(next === 'none' ? original[i] : [...original[i]].sort(order))));
      };
    });
    const rows = original.flat();
    if (rows.length <= FILTERED) return;
    const label = document.createElement('label'), input = document.createElement('input');
    label.className = 'filter';
    input.type = 'search';
    input.placeholder = 'method, parameter ...';
    label.append('Only rows with ', input);
    table.closest('.scroll').before(label);
    input.oninput = () => {
      const wanted = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.cells[0].textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      }
    };
  }

  function orderable(gallery) {
    const body = gallery.tBodies[0], original = [...body.rows];
    const metrics = JSON.parse(gallery.dataset.metrics);
    const columns = [...gallery.querySelectorAll('thead th.result')].map((th) => [th.cellIndex, th.textContent]);
    if (original.length < 2 || metrics.length === 0 || columns.length === 0) return;
    const select = (label, options) => {
      const outer = document.createElement('label'), inner = document.createElement('select');
      inner.append(...options.map(([value, text]) => new Option(text, value)));
      outer.append(label, ' ', inner);
      inner.onchange = order;
      return [outer, inner];
    };
    const [byLabel, by] = select('Order', [['', 'of the data set'], ...metrics.map(({ title }, i) => [i, title])]);
    const [ofLabel, of] = select('of', columns);
    const [lessLabel, less] = select('less that of', [['', 'none'], ...columns]);
    const bar = document.createElement('p');
    bar.className = 'filter';
    bar.append(byLabel, ofLabel, lessLabel);
    gallery.closest('.scroll').before(bar);
    const value = (row, column) => {
      const values = row.cells[column]?.querySelector('.score')?.dataset.values;
      return values ? JSON.parse(values)[by.value] : null;
    };
    function order() {
      ofLabel.hidden = lessLabel.hidden = by.value === '';
      if (by.value === '') return body.append(...original);
      const difference = (row) => {
        const own = value(row, of.value);
        if (less.value === '' || own === null) return own;
        const other = value(row, less.value);
        return other === null ? null : own - other;
      };
      body.append(...[...original].sort(byValue(difference, metrics[by.value].better === 'higher')));
    }
    order();
  }

  document.querySelectorAll('table.results:not(.costs):not(.plain):not(.overview)').forEach(sortable);
  document.querySelectorAll('table.gallery').forEach(orderable);
})();
`;
