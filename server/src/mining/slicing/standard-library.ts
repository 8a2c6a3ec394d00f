/**
 * Python's builtins and standard library by effect: what a program may take from them when it must give the same value
 * on every machine, every day, without touching anything outside of itself.
 */

const words = (text: string) => text.trim().split(/\s+/);

/** Top-level module names of CPython 3.10 to 3.14: tells the standard library from third parties. */
const moduleNames = new Set(
  words(`
  __future__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop
  base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections
  colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses
  dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler
  fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob
  graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools
  json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib
  msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser
  pathlib pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats
  pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy
  sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
  sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys
  sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token
  tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid
  venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`),
);

/** What may be used of a module: everything, only some names, or everything but some. */
type Allowed = 'all' | { readonly only: ReadonlySet<string> } | { readonly except: ReadonlySet<string> };

const only = (names: string): Allowed => ({ only: new Set(words(names)) });
const except = (names: string): Allowed => ({ except: new Set(words(names)) });

/** The longest prefix of a dotted path that stands here decides. */
const effects = new Map<string, Allowed>([
  ...words(`
    __future__ abc array ast base64 binascii bisect cmath collections colorsys contextlib contextvars copy csv
    dataclasses decimal difflib enum errno fnmatch fractions functools getopt graphlib hashlib heapq hmac html
    ipaddress itertools json keyword math numbers opcode operator posixpath ntpath queue quopri re reprlib shlex
    statistics string stringprep struct textwrap token tomllib types typing unicodedata urllib.parse warnings weakref
    xml.etree.ElementTree xml.sax.saxutils zlib`).map((name): [string, Allowed] => [name, 'all']),
  ['calendar', except('TextCalendar HTMLCalendar main prmonth prcal LocaleTextCalendar')],
  ['codecs', except('open EncodedFile StreamWriter StreamReader')],
  [
    'datetime',
    except(
      'datetime.now datetime.today datetime.utcnow datetime.fromtimestamp date.today date.fromtimestamp',
    ),
  ],
  [
    'inspect',
    only(
      'isfunction isclass ismethod isgenerator isgeneratorfunction isbuiltin signature Parameter cleandoc getfullargspec getdoc ismodule isroutine unwrap Signature BoundArguments isabstract getmro iscoroutinefunction isawaitable',
    ),
  ],
  ['gettext', only('NullTranslations')],
  ['io', only('StringIO BytesIO TextIOBase IOBase UnsupportedOperation SEEK_SET SEEK_CUR SEEK_END')],
  ['os', only('environ getenv PathLike fspath sep linesep SEEK_SET SEEK_CUR SEEK_END')],
  ['_thread', only('get_ident RLock allocate_lock')],
  ['threading', only('get_ident Lock RLock local')],
  ['logging', only('getLogger Logger DEBUG INFO WARNING ERROR CRITICAL NullHandler')],
  ['random', only('Random')],
  ['socket', only('timeout error gaierror AF_INET AF_INET6')],
  ['time', only('gmtime strptime struct_time')],
  ['traceback', only('format_exception_only format_exc print_exc format_list extract_stack')],
  ['uuid', only('UUID uuid3 uuid5 NAMESPACE_DNS NAMESPACE_URL NAMESPACE_OID NAMESPACE_X500')],
  ['zoneinfo', only('ZoneInfoNotFoundError')],
  ['os.path', only('join split splitext basename dirname normpath commonprefix commonpath isabs sep')],
  ['pathlib', only('PurePath PurePosixPath PureWindowsPath')],
  ['pprint', only('pformat pprint')],
  [
    'sys',
    only(
      'version_info hexversion intern maxunicode maxsize byteorder float_info int_info exc_info getrecursionlimit _getframe modules stdout stderr warnoptions platform pypy_version_info implementation maxint',
    ),
  ],
  ['tokenize', except('open')],
]);

/** Whether a dotted module name belongs to Python's standard library. */
export function isStandardModule(module: string): boolean {
  return moduleNames.has(module.split('.', 1)[0] ?? '');
}

/**
 * Names of modules at the top of the packages that a program can import, beside the standard library: none of the workspace's
 * own, which are sliced.
 */
export type Packages = ReadonlySet<string>;

export const noPackages: Packages = new Set();

/** Whether a dotted module name belongs to one of the packages. */
export function isPackage(module: string, packages: Packages): boolean {
  return packages.has(module.split('.', 1)[0] ?? '');
}

/** Whether a program imports one of the packages, its functions included; what it imports by a text in its code is not seen. */
export function importsPackage(program: string, packages: Packages): boolean {
  if (packages.size === 0) return false;
  const imports = program.matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm);
  return [...imports].some(([, name = '']) => !isStandardModule(name) && packages.has(name));
}

/** Whether a use of the standard library, as a full dotted path (`os.path.join`), has no effect and no hidden input. */
export function isPureUse(path: string): boolean {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const allowed = effects.get(parts.slice(0, length).join('.'));
    if (allowed === undefined) continue;
    if (allowed === 'all') return true;
    const rest = parts.slice(length);
    const prefixes = rest.map((_, index) => rest.slice(0, index + 1).join('.'));
    if ('only' in allowed) return prefixes.some((prefix) => allowed.only.has(prefix));
    return rest.length > 0 && !prefixes.some((prefix) => allowed.except.has(prefix));
  }
  return false;
}

/** Builtins that read or write the outside, run source text, or look at the program itself; what a module knows of its file. */
const impureBuiltins = new Set(
  words(
    `open input exec eval compile __import__ globals breakpoint exit quit help copyright credits license
    __file__ __path__ __spec__ __loader__`,
  ),
);

const pureBuiltins = new Set(
  words(`
  abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict dir divmod
  enumerate filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list locals map max memoryview min
  next object oct ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple
  type vars zip
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
  BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
  ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup
  False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError
  ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
  MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError
  OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError
  ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning
  SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
  UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
  __class__ __debug__`),
);

/** What a builtin name stands for; undefined where it is no builtin. */
export function builtinEffect(name: string): 'pure' | 'impure' | undefined {
  if (pureBuiltins.has(name)) return 'pure';
  return impureBuiltins.has(name) ? 'impure' : undefined;
}
