// The player of a recording: its wave, keys, speed, notes. Without it the browser's own controls play.
const STEP = 5, LEAP = 30;

function clocked(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function start(box) {
  const audio = box.querySelector("audio");
  const wave = box.querySelector("[data-wave]");
  const head = box.querySelector("[data-head]");
  const button = box.querySelector("[data-play]");
  const now = box.querySelector("[data-now]");
  const panel = box.closest("section");
  const place = panel.querySelector("[data-at]");
  const text = panel.querySelector("[data-note]");
  const length = Number(box.dataset.seconds);
  let wanted = 0, isLoaded = false;

  const at = () => (isLoaded ? audio.currentTime : wanted);

  function show() {
    const second = at();
    now.textContent = box.dataset.said.replace("{now}", clocked(second)).replace("{all}", clocked(Math.round(length)));
    // While a note is written, it stays where it was begun.
    if (place && document.activeElement !== place && !text.value) place.value = clocked(second);
    if (!wave) return;
    const x = (second / (length || 1)) * wave.querySelector("svg").viewBox.baseVal.width;
    head.setAttribute("d", `M${x.toFixed(2)} 0V72`);
    head.removeAttribute("hidden");
    wave.setAttribute("aria-valuenow", String(Math.floor(second)));
    wave.setAttribute("aria-valuetext", now.textContent);
  }

  function seek(second) {
    wanted = Math.min(Math.max(0, second), length);
    if (isLoaded) audio.currentTime = wanted;
    show();
  }

  function play() {
    box.querySelector("[data-broken]").hidden = true;
    if (!isLoaded) {
      // Nothing is asked for until it is heard; from which second is told with the first piece.
      isLoaded = true;
      audio.src = `${box.dataset.src}&from=${Math.floor(wanted)}`;
      const speed = audio.defaultPlaybackRate;
      audio.addEventListener("loadedmetadata", () => {
        audio.currentTime = wanted;
        audio.playbackRate = speed;
      }, { once: true });
    }
    audio.play().catch(() => {});
  }

  const toggle = () => (audio.paused ? play() : audio.pause());

  function paint() {
    const isOn = !audio.paused;
    button.setAttribute("aria-pressed", String(isOn));
    button.querySelector("span").textContent = isOn ? button.dataset.stop : button.dataset.go;
  }

  audio.removeAttribute("controls");
  audio.removeAttribute("src");
  audio.hidden = true;
  box.querySelector("[data-tools]").hidden = false;
  button.addEventListener("click", toggle);
  ["play", "pause", "ended"].forEach((name) => audio.addEventListener(name, paint));
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("seeked", show);
  audio.addEventListener("error", () => {
    if (!isLoaded) return;
    wanted = audio.currentTime || wanted;
    isLoaded = false;
    box.querySelector("[data-broken]").hidden = false;
    paint();
  });

  box.querySelectorAll("[data-speed]").forEach((chip) => chip.addEventListener("click", () => {
    audio.defaultPlaybackRate = audio.playbackRate = Number(chip.dataset.speed);
    box.querySelectorAll("[data-speed]").forEach((one) => one.setAttribute("aria-pressed", String(one === chip)));
  }));

  panel.querySelectorAll("[data-seek]").forEach((mark) => mark.addEventListener("click", () => {
    seek(Number(mark.dataset.seek));
    play();
  }));

  if (wave) {
    wave.setAttribute("role", "slider");
    wave.setAttribute("aria-label", wave.dataset.label);
    wave.tabIndex = 0;
    wave.setAttribute("aria-valuemin", "0");
    wave.setAttribute("aria-valuemax", String(Math.floor(length)));
    wave.addEventListener("click", (e) => {
      const area = wave.getBoundingClientRect();
      seek(((e.clientX - area.left) / area.width) * length);
    });
    const keys = {
      ArrowRight: () => at() + STEP, ArrowUp: () => at() + STEP, PageUp: () => at() + LEAP, End: () => length,
      ArrowLeft: () => at() - STEP, ArrowDown: () => at() - STEP, PageDown: () => at() - LEAP, Home: () => 0,
    };
    wave.addEventListener("keydown", (e) => {
      if (e.altKey || e.ctrlKey || e.metaKey) return;
      if (keys[e.key]) { e.preventDefault(); seek(keys[e.key]()); }
      if (e.key === " " || e.key === "Enter") { e.preventDefault(); toggle(); }
    });
  }
  show();
}

document.querySelectorAll("[data-player]").forEach(start);
