/** One thing the palette offers. */
export interface Offer {
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is, in words. */
  readonly kind: string;
  readonly pick: () => void;
}

/** The offers whose words all begin somewhere in the label, whole beginnings first. */
export function fitting(offers: readonly Offer[], typed: string): readonly Offer[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return offers;
  const found = offers.filter((offer) => {
    const words = plain(offer.label).split(/[^\p{L}\p{N}]+/u);
    return wanted.every((want) => words.some((word) => word.startsWith(want)));
  });
  const begins = (offer: Offer): number => (plain(offer.label).startsWith(wanted[0] ?? '') ? 0 : 1);
  return found.toSorted((one, other) => begins(one) - begins(other));
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}
