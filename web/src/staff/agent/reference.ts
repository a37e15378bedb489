// A case reference as people type it. Checked here digit by digit, so that a misheard one is told apart from an unknown
// one before the server is asked.

/** `R` and nine digits as the server writes them; null when the text is none. Takes spaces, dashes, small and full-width letters, and a missing `R`. */
export function readReference(text: string): string | null {
  const plain = text
    .normalize("NFKC")
    .replace(/[\s\p{Pd}]/gu, "")
    .toUpperCase();
  const digits = /^R?(\d{9})$/.exec(plain)?.[1];
  return digits !== undefined && isLuhn(digits) ? `R${digits}` : null;
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const weighed = Number(digit) * (place % 2 === 1 ? 2 : 1);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
