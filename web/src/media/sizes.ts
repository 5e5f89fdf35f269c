import type { Medium } from '../api/client.ts';

/** The longest side of each picture the server makes, in pixels. */
const LONGEST = { thumbnail: 300, medium: 960, large: 1920 } as const;
type Size = keyof typeof LONGEST;

interface Signed {
  readonly id: string;
  readonly variant: string;
  readonly signed_url: string;
}

/** Addresses of pictures in several sizes, as `srcset` wants them. */
export class Sizes {
  readonly #addresses: ReadonlyMap<string, string>;

  constructor(signed: readonly Signed[]) {
    this.#addresses = new Map(signed.map((one) => [`${one.id} ${one.variant}`, one.signed_url]));
  }

  /** Every size there is of a medium, each with its width; empty when none was made. */
  srcset(medium: Medium): string {
    const sizes: Size[] = ['thumbnail', 'medium', 'large'];
    const known = sizes.flatMap((size) => {
      const address = this.#of(medium, size);
      return address === null ? [] : [`${address} ${widthOf(medium, LONGEST[size])}w`];
    });
    // A picture smaller than two of the sizes is the same in both: one width is listed once.
    const widths = new Map(known.toReversed().map((one) => [one.split(' ')[1], one]));
    return [...widths.values()].toReversed().join(', ');
  }

  /** The largest there is. */
  largest(medium: Medium): string | null {
    return this.#of(medium, 'large') ?? this.#of(medium, 'medium') ?? this.#of(medium, 'thumbnail');
  }

  #of(medium: Medium, size: Size): string | null {
    if (size === 'thumbnail') return medium.signed_thumbnail_url;
    return this.#addresses.get(`${medium.id} ${size}`) ?? null;
  }
}

/** How wide a picture is when its longest side is at most `longest`; it is never made larger. */
function widthOf({ width, height }: Medium, longest: number): number {
  const side = Math.max(width ?? longest, height ?? longest);
  return Math.max(1, Math.round((width ?? longest) * Math.min(1, longest / side)));
}
