/**
 * Timeline: the tape from end to end. A drag shows the time under the pointer, its release asks for
 * it; the thumb itself moves only as the engine says.
 *
 * Imports   commands, contract, format, ./replay-rows.
 */
import { memo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { ReplayStatus } from '../../../engine/contract/status.ts';
import { replaySeek } from '../../commands/commands.ts';
import { utcClockMs } from '../../format/times.ts';
import { keyTarget, shareOf, tapeTime, timeAt, type Mark } from './replay-rows.ts';

interface TimelineProps {
  readonly replay: ReplayStatus;
  readonly marks: readonly Mark[];
  readonly isLocked: boolean;
}

export function Timeline({ replay, marks, isLocked }: TimelineProps) {
  const [dragMs, setDrag] = useState<number | null>(null);
  const track = useRef<HTMLDivElement>(null);
  const shownMs = dragMs ?? replay.seekMs;

  const timeOf = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect();
    const share = box === undefined ? 0 : (event.clientX - box.left) / Math.max(1, box.width);
    return timeAt(share, replay);
  };
  const onDown = (event: PointerEvent): void => {
    if (isLocked || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag(timeOf(event));
  };
  const onUp = (event: PointerEvent): void => {
    if (dragMs === null) return;
    setDrag(null);
    replaySeek(timeOf(event));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && dragMs !== null) {
      event.stopPropagation();
      setDrag(null);
      return;
    }
    const target = keyTarget(event.key, event.shiftKey, replay);
    if (target === null || isLocked) return;
    event.preventDefault();
    replaySeek(target);
  };

  return (
    <div
      className="timeline"
      role="slider"
      tabIndex={0}
      aria-label="Time on the tape"
      aria-valuemin={replay.startMs}
      aria-valuemax={replay.endMs}
      aria-valuenow={Math.round(replay.atMs)}
      aria-valuetext={`${tapeTime(replay.atMs)} UTC`}
      aria-disabled={isLocked}
      data-role="timeline"
      onPointerDown={onDown}
      onPointerMove={(event) => dragMs !== null && setDrag(timeOf(event))}
      onPointerUp={onUp}
      onPointerCancel={() => setDrag(null)}
      onKeyDown={onKey}
    >
      <div className="timeline__track" ref={track}>
        <div className="timeline__played" style={{ width: percent(replay.share) }} />
        <Marks marks={marks} />
        <i className="timeline__thumb" style={{ left: percent(replay.share) }} />
        {shownMs !== null && (
          <i className="timeline__wish" style={{ left: percent(shareOf(shownMs, replay)) }}>
            <span className="num" data-role="wish">
              {utcClockMs(shownMs)}
            </span>
          </i>
        )}
      </div>
    </div>
  );
}

/** Marks change when something is decided or filled, not with every status. */
const Marks = memo(function Marks({ marks }: { readonly marks: readonly Mark[] }) {
  return (
    <>
      {marks.map(({ key, share, kind, title }) => (
        <i
          key={key}
          className={`timeline__mark timeline__mark--${kind}`}
          style={{ left: percent(share) }}
          title={title}
        />
      ))}
    </>
  );
});

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
