// Pictures of tools and actions: 24 by 24, drawn by lines in the colour of the text.
const PATHS = {
  superpixel: 'M4 7l5-3 4 4 7-3M4 14l6-3 4 4 6-4M9 4l1 7M13 8l1 7M10 11l-2 9M14 15l2 5M4 4v16h16V4z',
  line: 'M4 18L10 8l5 7 5-10M4 18h.01M20 5h.01',
  polygon: 'M12 3l8 6-3 10H7L4 9z',
  wire: 'M5 19c2-6 1-9 5-10s4-5 9-5M5 19h.01M19 4h.01M10 9h.01',
  brush: 'M20 4L10 14M14.5 4.5l5 5M10 14a3.5 3.5 0 0 0-4 3c0 2-1 2.500-2.500 3 3.500 1 8.500 0 8.500-4a3 3 0 0 0-2-2z',
  eraser: 'M9 20h11M5 15L14 6l5 5-8.500 8.500H8zM9.500 10.500l5 5',
  fill: 'M5 12l7-7 7 7-7 7zM9 3l3 2M19 15c1.500 2 2 3 2 3.800a1.800 1.800 0 0 1-4 0c0-.8.5-1.800 2-3.800z',
  pick: 'M14 6l4 4M12 8l4 4M13 9l-8 8-1 3 3-1 8-8M15 5a2.800 2.800 0 0 1 4 4',
  hand: 'M7 12V7a1.500 1.500 0 0 1 3 0v4V5a1.500 1.500 0 0 1 3 0v6-5a1.500 1.500 0 0 1 3 0v6V9a1.500 1.500 0 0 1 3 0v6c0 4-2.500 6-6 6s-5-2-8-7a1.500 1.500 0 0 1 2-2z',
  undo: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3',
  'zoom-in':
    'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L21 21M10.500 7.500v6M7.500 10.500h6',
  'zoom-out': 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L21 21M7.500 10.500h6',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 9h6v6H9z',
  picture: 'M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.8.4-1 .9-1 1.700M12 17h.01',
  spark: 'M12 3l2 6 6 2-6 2-2 7-2-7-6-2 6-2z',
  next: 'M5 12h13M13 6l6 6-6 6',
  check: 'M5 13l4.500 4.500L19 7',
  skip: 'M5 5l8 7-8 7zM18 5v14',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  cloud: 'M7 18a4 4 0 0 1-.5-8A6 6 0 0 1 18 9.500a4.300 4.300 0 0 1-.5 8.500z',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500',
  plus: 'M12 5v14M5 12h14',
  upload: 'M12 16V4M7 9l5-5 5 5M4 16v4h16v-4',
  download: 'M12 4v12M7 11l5 5 5-5M4 18v2h16v-2',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l11 7-11 7z',
  stop: 'M6 6h12v12H6z',
  back: 'M19 12H6M11 6l-6 6 6 6',
  again: 'M20 11a8 8 0 1 0-2.300 6.300M20 5v6h-6',
  curve: 'M4 20V4M4 20h16M7 15c3-1 3-7 7-8l5-1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
