/** Line drawings of 24 × 24, one path each. */
export const ICONS = {
  today: 'M3 17h18M6.2 17a5.8 5.8 0 0 1 11.6 0M12 7V4M4.9 10 3 8.1M19.1 10 21 8.1M8 20.5h8',
  timeline: 'M5 4v16M5 7h.01M10 6h10M10 10h6M10 16h10M10 20h6',
  calendar:
    'M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5zM4 10h16M8.5 3v4M15.5 3v4',
  patterns: 'M3.5 14c2.5 0 2.5-6 5-6s2.5 9 5 9 2.5-6 4-6 1.5 2 3 2',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20 20l-4.8-4.8',
  pen: 'M5 19l1-4.5L16.5 4 20 7.5 9.5 18zM14 6.5 17.5 10',
  another: 'M4 8h11l-2.5-2.5M20 16H9l2.5 2.5',
  left: 'M14.5 6 8.5 12l6 6',
  right: 'M9.5 6l6 6-6 6',
  check: 'M5 12.5 10 17.5 19.5 7',
  cloud: 'M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.6 1.2A3.5 3.5 0 0 1 17 18.5z',
  leave: 'M10 5H5v14h5M14 8l4 4-4 4M18 12H9',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
} as const;

export type IconName = keyof typeof ICONS;
