/** Places of the nine patches, 0 to 8, that are seen; the others are hidden. */
const SEEN = [2, 6, 7]
const PATCH = 8
const PITCH = 10

/** The mark: nine patches, most of them hidden, and something that peeks out of the middle. */
export function Logo({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      {Array.from({ length: 9 }, (_, place) => (
        <rect
          key={place}
          x={(place % 3) * PITCH}
          y={Math.floor(place / 3) * PITCH}
          width={PATCH}
          height={PATCH}
          rx={1.5}
          fill="var(--accent)"
          opacity={SEEN.includes(place) ? 0.3 : 1}
        />
      ))}
      <circle cx={14} cy={14} r={2.4} fill="var(--mantine-color-body)" />
    </svg>
  )
}
