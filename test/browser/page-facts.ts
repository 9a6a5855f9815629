/// <reference lib="dom" />

/** What can be measured of a page as it is laid out. Handed to the browser as it stands. */
export function measurePage() {
  const width = document.documentElement.clientWidth;
  const isHidden = (element: Element): boolean => {
    const head = element.closest('thead');
    return head !== null && getComputedStyle(head).position === 'absolute';
  };
  const shown = (element: Element): boolean =>
    element.checkVisibility({ contentVisibilityAuto: true }) && !isHidden(element);
  const texts: { text: string; box: DOMRect; owner: Element }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const owner = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (owner === null || text === '' || owner.closest('title, desc, .skip') !== null || !shown(owner))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width: wide, height }) => wide > 1 && height > 1);
    texts.push(...boxes.map((box) => ({ text: text.slice(0, 60), box, owner })));
  }
  const isApart = (one: DOMRect, other: DOMRect): boolean =>
    one.right <= other.left + 1 ||
    other.right <= one.left + 1 ||
    one.bottom <= other.top + 3 ||
    other.bottom <= one.top + 3;
  const sorted = [...texts].sort((one, other) => one.box.top - other.box.top);
  const overlaps: string[] = [];
  sorted.forEach((one, index) => {
    for (const other of sorted.slice(index + 1)) {
      if (other.box.top > one.box.bottom) break;
      if (one.owner !== other.owner && !isApart(one.box, other.box))
        overlaps.push(`${one.text} × ${other.text}`);
    }
  });
  const clipped = texts
    .filter(({ box }) => box.left < -1 || box.right > width + 1)
    .map(({ text, box }) => `${text}: ${Math.round(box.left)} – ${Math.round(box.right)} of ${width}`);
  const bars = [...document.querySelectorAll('.chart rect:not(.track)')].map(
    (bar) => bar.getBoundingClientRect().width,
  );
  return {
    scroll: document.documentElement.scrollWidth - width,
    overlaps,
    clipped,
    thinnest: Math.min(99, ...bars),
    smallest: Math.min(...texts.map(({ owner }) => Number.parseFloat(getComputedStyle(owner).fontSize))),
    headline: document.querySelector('.headline')?.getBoundingClientRect().bottom ?? Infinity,
    strangers: [
      ...document.querySelectorAll(
        'script, img, iframe, object, embed, link, form, input, base, [onerror], [onclick], [src]',
      ),
    ].map((each) => each.outerHTML.slice(0, 80)),
    links: [...document.querySelectorAll('[href]')]
      .map((each) => each.getAttribute('href') ?? '')
      .filter((href) => !href.startsWith('#')),
  };
}
