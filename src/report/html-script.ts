// The script of the page: search, sort, more rows, copy, and everything unfolded for print. It writes text only
// (`textContent`), and the page says the same without it.

/** Classic script text; it runs once, at the end of the body. */
export const SCRIPT = `
(() => {
  'use strict';
  const find = (id) => document.getElementById(id);

  const folded = () => [...document.querySelectorAll('details:not([open])')];
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = folded();
    for (const part of opened) part.open = true;
  });
  addEventListener('afterprint', () => {
    for (const part of opened) part.open = false;
  });

  const copy = find('copy');
  if (copy !== null) {
    const command = find('reproduce');
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      getSelection().selectAllChildren(command);
      try {
        await navigator.clipboard.writeText(command.textContent);
        copy.textContent = 'Copied';
      } catch {
        copy.textContent = 'Selected';
      }
    });
  }

  const block = find('unit-data');
  if (block === null) return;
  const { columns, rows, told, first } = JSON.parse(block.textContent);
  const table = find('unit-table');
  const body = table.tBodies[0];
  const search = find('unit-search');
  const more = find('unit-more');
  const storyOf = (i) => told[i] ?? [];
  const texts = rows.map((row, i) => [...row, ...storyOf(i).map((part) => part.text)].join('\\n').toLowerCase());
  const count = (n) => String(n).replace(/\\B(?=(\\d{3})+$)/g, ',');
  const unfolded = new Set();
  let order = { column: -1, step: 1 };
  let limit = first;

  const compare = (a, b) => {
    const [x, y] = [rows[a][order.column], rows[b][order.column]];
    if (x === '' || y === '') return x === y ? a - b : x === '' ? 1 : -1;
    const [p, q] = columns[order.column].number ? [Number(x), Number(y)] : [x, y];
    return (p < q ? -1 : p > q ? 1 : 0) * order.step || a - b;
  };

  const make = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };

  // What is known of a unit, on a line of its own below it.
  const storyLine = (i) => {
    const line = document.createElement('tr');
    const cell = line.insertCell();
    line.className = 'story';
    cell.colSpan = columns.length;
    const frame = document.createElement('div');
    for (const part of storyOf(i)) frame.append(make('h3', part.head), make('pre', part.text));
    cell.append(frame);
    return line;
  };

  const linesOf = (i) => {
    const line = document.createElement('tr');
    rows[i].forEach((text, c) => {
      const cell = line.insertCell();
      if (columns[c].number) cell.className = 'number';
      if (c > 0 || storyOf(i).length === 0) {
        cell.textContent = text;
        if (c === 0 && told.length > 0) cell.className = 'folded';
        return;
      }
      const button = make('button', text);
      button.type = 'button';
      button.className = 'unfold';
      const say = () => button.setAttribute('aria-expanded', String(unfolded.has(i)));
      button.addEventListener('click', () => {
        if (unfolded.delete(i)) line.nextSibling.remove();
        else {
          unfolded.add(i);
          line.after(storyLine(i));
        }
        say();
      });
      say();
      cell.append(button);
    });
    return unfolded.has(i) ? [line, storyLine(i)] : [line];
  };

  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = [...rows.keys()].filter((i) => texts[i].includes(wanted));
    if (order.column >= 0) found.sort(compare);
    const shown = found.slice(0, limit);
    body.replaceChildren(...shown.flatMap(linesOf));
    find('unit-count').textContent =
      (wanted === '' ? '' : count(found.length) + ' of ') + count(rows.length) + ' units';
    const left = found.length - shown.length;
    more.hidden = left <= 0;
    more.textContent = 'Show ' + count(Math.min(left, 200)) + ' more';
  };

  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, c) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', () => {
      const again = order.column === c;
      order = !again ? { column: c, step: 1 } : order.step === 1 ? { column: c, step: -1 } : { column: -1, step: 1 };
      for (const other of heads) other.removeAttribute('aria-sort');
      if (order.column === c) head.setAttribute('aria-sort', order.step === 1 ? 'ascending' : 'descending');
      show();
    });
    head.replaceChildren(button);
  });

  search.addEventListener('input', () => {
    limit = first;
    show();
  });
  more.addEventListener('click', () => {
    limit += 200;
    show();
    // A button that goes away takes the keyboard's place with it.
    if (more.hidden) table.parentElement.focus();
  });
  find('unit-tools').hidden = false;
  show();
})();
`;
