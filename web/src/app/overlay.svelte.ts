/** What lies over the screens: the palette, the list of keys, or nothing. */
class Overlay {
  shown: 'palette' | 'keys' | null = $state(null);
}

export const overlay = new Overlay();
