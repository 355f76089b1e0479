/** Line drawings of 24 × 24, the stroke takes the colour of the text beside it. */
const PATHS = {
  today: 'M4 6.5h16v13H4zM4 10.5h16M8 4v4M16 4v4M8.5 15l2.3 2.2 4.7-4.4',
  ledger: 'M6 3.5h12v17H6zM9 8h6M9 12h6M9 16h4',
  meetings: 'M8.5 11a3 3 0 100-6 3 3 0 000 6zM3 19.5c.3-3.6 2.4-5.6 5.5-5.6s5.2 2 5.5 5.6zM16 11a2.5 2.5 0 100-5M17 14.2c2.3.5 3.700 2.300 4 5.300h-3',
  me: 'M12 11.500a3.800 3.800 0 100-7.600 3.800 3.800 0 000 7.600zM4.500 20.300c.4-4.200 3.200-6.500 7.500-6.500s7.100 2.300 7.500 6.500z',
  plus: 'M12 5.500v13M5.500 12h13M12 21.500a9.500 9.500 0 100-19 9.500 9.500 0 000 19z',
  back: 'M14.500 5l-7 7 7 7',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  visit: 'M4 20.500V9.500L12 4l8 5.500v11h-5.500v-6h-5v6z',
  issue: 'M5 4h14v12.500H11L7 20v-3.500H5zM12 7.500v4M12 13.600v.1',
  search: 'M10.500 17a6.500 6.500 0 100-13 6.500 6.500 0 000 13zM15.500 15.500L20.500 20.500',
  camera: 'M4 7.500h3.500L9 5h6l1.500 2.500H20v11.500H4zM12 16.500a3.500 3.500 0 100-7 3.500 3.500 0 000 7z',
  done: 'M4.500 12.500l5 5L19.500 7',
  warn: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7.500v6M12 16.400v.1',
  up: 'M12 20V6M6 11.500L12 5.500l6 6M5 21h14',
  bell: 'M6 17V11a6 6 0 0112 0v6l1.500 1.500h-15zM10 21h4',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={PATHS[name]} /></svg>
}
