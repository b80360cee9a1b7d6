/** The gate of a dojo, drawn with one brush. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3.5 7.5c4 1.2 8 1.7 12.5 1.7s8.5-.5 12.5-1.7M6.5 14.5h19M10.5 9v19M21.5 9v19" stroke="currentColor" strokeWidth="2.7" strokeLinecap="round" fill="none" />
    </svg>
  )
}
